"""The demo's tablet: enrolled as an installer would do it, then its core and its window."""

import json
import subprocess

from provisioning.demo.desk import Desk
from provisioning.demo.display import HEIGHT_PX, WIDTH_MM, WIDTH_PX
from provisioning.demo.managed_process import ManagedProcess, ProcessFailed
from provisioning.demo.place import REPOSITORY, Place


class Tablet:
    """Core, calls and window, each restarted when it ends."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self.identity = place.tablet / "identity"
        self.screen_socket = place.sockets / "screen.sock"
        self.sim_socket = place.sockets / "sim.sock"
        self.media_socket = place.sockets / "media.sock"
        self._settings = place.tablet / "device.toml"
        core = place.python("device", "--settings", str(self._settings))
        self.core = ManagedProcess(
            "the tablet's core", core, log=place.log("core"), environment=place.environment
        )
        media = place.python("device.media", "--settings", str(self._settings))
        self.media = ManagedProcess("the calls", media, log=place.log("media"), environment=place.environment)
        window = place.python("kiosk_ui", "--socket", str(self.screen_socket))
        window += ["--width-px", str(WIDTH_PX), "--height-px", str(HEIGHT_PX), "--width-mm", str(WIDTH_MM)]
        self.window = ManagedProcess("the window", window, log=place.log("window"))

    @property
    def enrolled(self) -> bool:
        """Return whether it is enrolled."""
        return (self.identity / "link.json").exists()

    @property
    def device(self) -> str:
        """Return the tablet's device id."""
        return str(self._link()["device"])

    def prepare(self, desk: Desk, resident: int) -> None:
        """Write settings, and enrol with a new claim where it is not enrolled. The desk must be running."""
        self.identity.parent.mkdir(parents=True, exist_ok=True)
        self._settings.write_text(self._toml(), encoding="utf-8")
        if self.enrolled:
            self._follow_ports(desk)
        else:
            self._enrol(desk, resident)

    def show_on(self, display: str) -> None:
        """Set the display (``:1``) for the window's next start."""
        self.window.environment = self._place.environment | {"DISPLAY": display}

    def _enrol(self, desk: Desk, resident: int) -> None:
        claim = desk.run("issue_claim", "--resident", str(resident)).strip()
        where = ["--desk", desk.device_url, "--ca", str(desk.authority)]
        done = subprocess.run(
            self._place.python(
                "provisioning.command", "enrol", *where, "--claim", claim, "--into", str(self.identity)
            ),
            env=self._place.environment,
            cwd=REPOSITORY,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise ProcessFailed(f"the tablet could not enrol:\n{done.stderr[-2000:]}")

    def _follow_ports(self, desk: Desk) -> None:
        """Update the desk's ports: those of a demo change when another program uses them."""
        new = {"desk_url": desk.device_url, "broker_port": self._place.ports.broker_devices}
        if not new.items() <= (link := self._link()).items():
            (self.identity / "link.json").write_text(json.dumps(link | new), encoding="utf-8")

    def _link(self) -> dict[str, object]:
        link: dict[str, object] = json.loads((self.identity / "link.json").read_text(encoding="utf-8"))
        return link

    def _toml(self) -> str:
        settings = {
            "identity_dir": self.identity.resolve(),
            "data_dir": (self._place.tablet / "data").resolve(),
            "screen_socket": self.screen_socket,
            "sim_socket": self.sim_socket,
            "media_socket": self.media_socket,
            "clock": "trusted",
        }
        return "".join(f"{name} = {json.dumps(str(value))}\n" for name, value in settings.items())
