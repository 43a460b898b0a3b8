"""A house without a cable: a tablet is set up by Wi-Fi and by codes shown to its camera (K7, K16, V16)."""

import base64
import gzip
import io
import time
from contextlib import closing
from pathlib import Path

import segno
import zxingcpp
from PIL import Image

from tests.vm.disk import Disk
from tests.vm.home import help_is_received, is_home
from tests.vm.host import Host
from tests.vm.machine import Arch, Machine
from tests.vm.reader import Reader
from tests.vm.waiting import say, wait

# tests/vm/wifi: the networks in the air, and the passphrase of the first.
_HOME, _HOTEL, _PASSPHRASE, _WRONG = "Mummola", "Hotelli", "kahvikuppi", "kahvipannu"
_ROUTERS_CODE = f"WIFI:T:WPA;S:{_HOME};P:{_PASSPHRASE};;"
_CAMERA_PX = (640, 480)
# As a hand holds it: not quite straight, on a grey ground.
_TILT_DEGREES, _GROUND = 7, 120
_MODULE_PX = 7


def set_up_by_wifi(host: Host, image: Path, folder: Path, arch: Arch) -> dict[str, float]:
    """Says what is wrong of a password and a hotel's network, and comes home by codes alone."""
    if not image.exists():
        say("Wi-Fi: SKIPPED, no image (make image VARIANT=tests/vm/wifi)")
        return {}
    disk = Disk(image, folder, arch.console)
    machine = Machine(disk.make_layer("wifi"), folder, arch)
    with closing(machine):
        machine.start()
        try:
            found = _sets_up(host, machine)
        except BaseException:
            machine.keep_evidence(folder.parent.parent / "vm-failed-wifi")
            raise
    disk.remove()
    return found


def _sets_up(host: Host, machine: Machine) -> dict[str, float]:
    installer = Reader(machine)
    installer.sees_the_wizard()
    installer.taps("language", "fi")
    seen_s = installer.reads(_HOME)
    say(f"the networks are listed after {seen_s:.0f} s")
    installer.taps("join", _HOME)
    installer.types(_WRONG)
    wrong_s = installer.reads_of("wrong-password")
    say(f"the wrong password is said after {wrong_s:.0f} s")
    installer.taps("back")
    _finds_a_portal(host, machine, installer)
    installer.taps("stages")
    installer.taps("stage", "network")
    installer.taps("networks")
    _show(machine, _ROUTERS_CODE)
    installer.taps("scan")
    joined_s = installer.reads(installer.words("Show the code"))
    say(f"the router's code is read, and its network joined, after {joined_s:.0f} s")
    _show(machine, host.invitation())
    installer.taps("scan")
    read_s = installer.reads("Eino Aalto")
    say(f"the desk's code is read, and whose it is is known, after {read_s:.0f} s")
    enrolled_s = time.monotonic()
    installer.taps("confirm")
    _passes_the_check(machine, installer)
    wait(lambda: is_home(machine.picture()), "the resident's home by Wi-Fi")
    wait(host.has_painted, "the desk knows that the view is painted")
    home_s = time.monotonic() - enrolled_s
    helped_s = help_is_received(machine, host)
    say(f"home {home_s:.0f} s after the confirmation, help over Wi-Fi after {helped_s} s")
    return {
        "wifi_listed_s": round(seen_s, 1),
        "wifi_wrong_password_s": round(wrong_s, 1),
        "wifi_router_code_joined_s": round(joined_s, 1),
        "wifi_desk_code_read_s": round(read_s, 1),
        "wifi_home_s": round(home_s, 1),
        "wifi_help_s": helped_s,
    }


def _finds_a_portal(host: Host, machine: Machine, installer: Reader) -> None:
    """It is noticed at the desk's own address, which the hotel answers."""
    installer.taps("join", _HOTEL)
    installer.reads(installer.words("Show the code"))
    _show(machine, host.invitation())
    installer.taps("scan")
    portal_s = installer.reads_of("portal")
    say(f"that the hotel wants a sign-in is said after {portal_s:.0f} s")


def _passes_the_check(machine: Machine, installer: Reader) -> None:
    """The tone is heard; the camera's picture is to be seen, with the code that is held to it."""
    installer.reads(installer.words("I see it"))
    wait(lambda: zxingcpp.read_barcodes(machine.picture()), "the camera's picture is on the display")
    installer.taps("next")
    installer.taps("confirm")
    installer.taps("next")
    installer.taps("confirm")


def _show(machine: Machine, text: str) -> None:
    """Hold a QR code to the camera."""
    body = base64.b64encode(gzip.compress(_picture_of(text), mtime=0)).decode()
    machine.shell.run(f"echo {body} | base64 -d | gunzip >/run/house.yuv")
    machine.shell.run("/usr/local/lib/house/show.sh /run/house.yuv")


def _picture_of(text: str) -> bytes:
    """Planes of a grey picture of it (I420)."""
    file, (width_px, height_px) = io.BytesIO(), _CAMERA_PX
    segno.make(text, error="m").save(file, kind="png", scale=_MODULE_PX, border=4)
    code = Image.open(file).convert("L").rotate(_TILT_DEGREES, expand=True, fillcolor=_GROUND)
    picture = Image.new("L", _CAMERA_PX, _GROUND)
    picture.paste(code, ((width_px - code.width) // 2, (height_px - code.height) // 2))
    return picture.tobytes() + bytes([128]) * (width_px * height_px // 2)
