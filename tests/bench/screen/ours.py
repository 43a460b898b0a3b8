"""The kiosk: core and window, as they run on a tablet."""

import compileall
import json
import os
import sys
import time
from functools import partial
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from cloud.pki.certificates import key_pem
from device.store.photos import PhotoShelf
from device.window_protocol.client import ScreenClient
from device.window_protocol.messages import Draw
from kiosk_ui.pages.compose import compose
from kiosk_ui.panel import Panel
from provisioning.demo.display import HEIGHT_PX, WIDTH_PX
from provisioning.demo.managed_process import ManagedProcess
from provisioning.demo.place import REPOSITORY
from tests.bench.screen.documents import photos
from tests.bench.screen.meters import family
from tests.bench.screen.pixels import Area
from tests.bench.screen.stage import Stage

# The largest panel, on which all six faces are on the first page.
WIDTH_MM = 345
# Compiled once, as on a tablet by provisioning/setup.sh: also where Python itself is set to write nothing.
PACKAGES = ("device", "hal", "kiosk_ui")


class Ours:
    """Enrolled once; then started and stopped as often as needed."""

    name = "ours"
    steady = Area(0, HEIGHT_PX // 2, WIDTH_PX, HEIGHT_PX)

    def __init__(self, stage: Stage) -> None:
        self._folder = stage.folder / "tablet"
        self._socket = self._folder.resolve() / "screen.sock"
        self.device = self._enrol(stage)
        for package in PACKAGES:
            compileall.compile_dir(REPOSITORY / package, quiet=1)
        environment = {key: value for key, value in os.environ.items() if not key.startswith("KOTIRUUTU_")}
        environment |= {"PYTHONPATH": str(REPOSITORY), "DISPLAY": stage.display.name}
        core = [sys.executable, "-m", "device", "--settings", str(self._folder / "device.toml")]
        window = [sys.executable, "-m", "kiosk_ui", "--socket", str(self._socket)]
        window += ["--width-px", str(WIDTH_PX), "--height-px", str(HEIGHT_PX), "--width-mm", str(WIDTH_MM)]
        log = stage.folder / "log"
        self._parts = [
            ManagedProcess("the core", core, log=log / "core.log", environment=environment, restarts=False),
            ManagedProcess(
                "the window", window, log=log / "window.log", environment=environment, restarts=False
            ),
        ]

    def start(self) -> float:
        """Both at once; the moment before (``time.perf_counter``)."""
        began = time.perf_counter()
        for part in self._parts:
            part.start()
        return began

    def stop(self) -> None:
        for part in self._parts:
            part.stop()

    def processes(self) -> list[int]:
        """All that must run for the view to be on the display. Raises ``ProcessFailed`` if one does not."""
        for part in self._parts:
            part.wait_until(partial(_runs, part))
        return family(part.pid for part in self._parts if part.pid)

    def mute_button(self) -> Area:
        """Return the button's current position."""
        with ScreenClient(self._socket, "viewer") as client:
            message = client.receive(timeout_s=5)
        if not isinstance(message, Draw):
            raise TypeError("the core has sent no screen")
        scene = compose(message.screen, Panel(WIDTH_PX, HEIGHT_PX, WIDTH_MM))
        box = next(target.box for target in scene.targets if target.key == "mute")
        return Area(box.x, box.y, box.right, box.bottom)

    def _enrol(self, stage: Stage) -> str:
        """As the desk does, but for its database."""
        identity = self._folder / "identity"
        identity.mkdir(parents=True)
        key = ec.generate_private_key(ec.SECP256R1())
        request = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([])).sign(key, SHA256())
        issued = stage.authority.sign(request.public_bytes(Encoding.PEM))
        (identity / "key.pem").write_bytes(key_pem(key))
        (identity / "certificate.pem").write_text(issued.pem)
        (identity / "ca.pem").write_bytes(stage.authority.certificate_file.read_bytes())
        link = {"device": issued.device, "desk_url": "https://localhost:1", "broker_host": "localhost"}
        (identity / "link.json").write_text(json.dumps(link | {"broker_port": stage.device_port}))
        (self._folder / "device.toml").write_text(_settings(self._folder))
        return issued.device

    def bring_photos(self) -> None:
        """As if they had been fetched from the desk: it keeps only those that a document names."""
        shelf = PhotoShelf(self._folder / "data" / "photos")
        for digest, picture in photos().items():
            shelf.put(digest, picture)


def _runs(part: ManagedProcess) -> bool:
    return part.pid is not None


def _settings(folder: Path) -> str:
    names = {
        "identity_dir": "identity",
        "data_dir": "data",
        "screen_socket": "screen.sock",
        "sim_socket": "sim.sock",
        "media_socket": "media.sock",
        "clock": "trusted",
    }
    return "".join(f"{name} = {json.dumps(value)}\n" for name, value in names.items())
