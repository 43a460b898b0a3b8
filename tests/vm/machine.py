"""An emulated computer: QEMU without KVM, its display as pictures, its power plug, and a finger (QMP).

``ARCHES`` has what differs between a PC and the ``virt`` board of 64-bit ARM.
"""

import json
import shutil
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from tests.vm.disk import SHELL_PORT
from tests.vm.shell import Shell

WIDTH_PX, HEIGHT_PX = 1280, 800
MEMORY_MB = 1024
# The range of an absolute pointer (QAPI, InputMoveEvent).
RANGE = 0x7FFF
START_S = 30.0


@dataclass(frozen=True)
class Arch:
    """A program of QEMU, its board, and firmware of Debian's (ovmf, qemu-efi-aarch64)."""

    program: str
    board: tuple[str, ...]
    display: str
    code: Path
    variables: Path
    # The kernel's name for the serial line.
    console: str


ARCHES = {
    "amd64": Arch(
        program="qemu-system-x86_64",
        # Of AVX2 its gathers read from elsewhere (QEMU 7.2): Mesa's llvmpipe fell over a caller's pictures.
        board=("-M", "q35", "-cpu", "max,la57=off,avx2=off"),
        display="virtio-vga",
        code=Path("/usr/share/OVMF/OVMF_CODE_4M.fd"),
        variables=Path("/usr/share/OVMF/OVMF_VARS_4M.fd"),
        console="ttyS0",
    ),
    "arm64": Arch(
        program="qemu-system-aarch64",
        board=("-M", "virt", "-cpu", "cortex-a72"),
        display="virtio-gpu-pci",
        code=Path("/usr/share/AAVMF/AAVMF_CODE.fd"),
        variables=Path("/usr/share/AAVMF/AAVMF_VARS.fd"),
        console="ttyAMA0",
    ),
}


class MachineFailed(Exception):
    """QEMU does not run, or does not answer."""


class Machine:
    """One computer with a disk; ``start`` and ``cut`` as often as wanted."""

    def __init__(self, layer: Path, folder: Path, arch: Arch) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.layer = layer
        self._folder = folder
        self.arch = arch
        self._serial = folder / "serial.log"
        self._variables = folder / "variables.qcow2"
        self._sockets = Path(tempfile.mkdtemp(prefix="kr-vm-"))
        self._process: subprocess.Popen[bytes] | None = None
        convert = ["qemu-img", "convert", "-O", "qcow2", str(arch.variables)]
        subprocess.run([*convert, str(self._variables)], check=True)
        self.started_s = 0.0
        self._shift_px = 0
        self.shell = Shell(self._sockets / "shell")

    def start(self) -> None:
        """Switches it on. Raises ``MachineFailed``."""
        monitor = self._sockets / "qmp"
        monitor.unlink(missing_ok=True)
        log = (self._folder / "qemu.log").open("ab")
        self._process = subprocess.Popen(self._command(monitor), stdout=log, stderr=log)
        log.close()
        self.started_s = time.monotonic()
        self._monitor = self._connect(monitor)
        self._lines = self._monitor.makefile("rw")
        self._lines.readline()
        self._ask("qmp_capabilities")

    def unplug(self) -> None:
        """Pull the network cable, until the next start."""
        self._ask("set_link", name="net", up=False)

    def cut(self) -> None:
        """The plug is pulled: what was not on the disk is lost."""
        if self._process:
            self._lines.close()
            self._monitor.close()
            self._process.kill()
            self._process.wait()
            self._process = None

    def close(self) -> None:
        self.cut()
        shutil.rmtree(self._sockets, ignore_errors=True)

    def picture(self) -> Image.Image:
        """What is on its display now."""
        file = self._sockets / "screen.png"
        self._ask("screendump", filename=str(file), format="png")
        with Image.open(file) as picture:
            return picture.convert("RGB")

    def keep_evidence(self, file: Path) -> None:
        """What is on its display, where it runs, and what it has logged on its serial line."""
        if self._process:
            self.picture().save(file.with_suffix(".png"))
        shutil.copy(self._serial, file.with_suffix(".log"))

    def written_bytes(self) -> int:
        """What it has written to its disk since it was switched on."""
        disks = self._ask("query-blockstats")
        return sum(int(disk["stats"]["wr_bytes"]) for disk in disks if disk["device"] == "disk")

    def tap(self, x_px: int, y_px: int) -> None:
        # The kernel keeps back a place that is the last one's, which a new window does not know.
        self._shift_px = 1 - self._shift_px
        place = [
            {"type": "abs", "data": {"axis": axis, "value": (at + self._shift_px) * RANGE // (size - 1)}}
            for axis, at, size in (("x", x_px, WIDTH_PX), ("y", y_px, HEIGHT_PX))
        ]
        self._ask("input-send-event", events=place)
        for is_down in (True, False):
            button = {"type": "btn", "data": {"button": "left", "down": is_down}}
            self._ask("input-send-event", events=[button])

    def _command(self, monitor: Path) -> list[str]:
        code = f"if=pflash,format=raw,readonly=on,file={self.arch.code}"
        command = [self.arch.program, *self.arch.board]
        command += ["-accel", "tcg,thread=multi", "-smp", "2", "-m", str(MEMORY_MB)]
        command += ["-drive", code, "-drive", f"if=pflash,format=qcow2,file={self._variables}"]
        command += ["-drive", f"file={self.layer},format=qcow2,if=virtio,id=disk"]
        command += ["-device", f"{self.arch.display},xres={WIDTH_PX},yres={HEIGHT_PX}"]
        command += ["-device", "qemu-xhci", "-device", "usb-tablet", "-device", "i6300esb"]
        command += ["-watchdog-action", "reset", "-netdev", "user,id=net", "-device", "virtio-net,netdev=net"]
        command += ["-device", "virtio-serial", "-chardev"]
        command += [f"socket,id=shell,path={self.shell.socket},server=on,wait=off"]
        command += ["-device", f"virtserialport,chardev=shell,name={SHELL_PORT}"]
        # From one start to the next it goes on.
        log = f"file,id=serial,append=on,path={self._serial}"
        command += ["-display", "none", "-monitor", "none", "-chardev", log, "-serial", "chardev:serial"]
        return [*command, "-qmp", f"unix:{monitor},server=on,wait=off"]

    def _connect(self, monitor: Path) -> socket.socket:
        deadline = time.monotonic() + START_S
        while time.monotonic() < deadline and self._process and self._process.poll() is None:
            connection = socket.socket(socket.AF_UNIX)
            try:
                connection.connect(str(monitor))
            except OSError:
                connection.close()
                time.sleep(0.05)
                continue
            return connection
        raise MachineFailed((self._folder / "qemu.log").read_text()[-2000:])

    def _ask(self, command: str, **arguments: Any) -> Any:
        self._lines.write(json.dumps({"execute": command, "arguments": arguments}) + "\n")
        self._lines.flush()
        while line := self._lines.readline():
            answer = json.loads(line)
            if "error" in answer:
                raise MachineFailed(f"{command}: {answer['error']['desc']}")
            if "return" in answer:
                return answer["return"]
        raise MachineFailed("QEMU has ended")
