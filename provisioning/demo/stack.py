"""All programs of the system together; each can be stopped, killed and started individually."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from provisioning import broker
from provisioning.demo.desk import Desk, Prepared
from provisioning.demo.display import VirtualDisplay
from provisioning.demo.inspector import field
from provisioning.demo.managed_process import ManagedProcess
from provisioning.demo.place import Place
from provisioning.demo.ports import answers
from provisioning.demo.tablet import Tablet


class Stack:
    """Broker, desk, link worker, tablet core, calls, window and a display, in one folder.

    Without ``display`` (the name of an X display) it starts a virtual one. As a context manager it prepares
    and starts everything, and stops it in reverse order.
    """

    def __init__(self, folder: Path, display: str | None = None) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.place = place = Place(folder)
        self.virtual_display = None if display else VirtualDisplay(folder / "display", place.log("display"))
        self._display = display or ""
        self._broker_place = broker.BrokerPlace(
            directory=folder / "broker",
            pki=place.desk / "pki",
            device_port=place.ports.broker_devices,
            desk_port=place.ports.broker_desk,
        )
        command = broker.command(folder / "broker" / "mosquitto.conf")
        self.broker = ManagedProcess(
            "the broker", command, log=place.log("broker"), environment=place.environment
        )
        self.desk = Desk(place)
        self.tablet = Tablet(place)
        self._started_at = datetime.now(UTC)

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def display(self) -> str:
        """Return the name of the window's display."""
        return self.virtual_display.name if self.virtual_display else self._display

    def start(self) -> Prepared:
        """Start everything in the order of its dependencies. Raises ``ProcessFailed``."""
        self._started_at = datetime.now(UTC)
        if self.virtual_display:
            self.virtual_display.start()
        prepared = self.desk.prepare()
        self.start_broker()
        self.desk.start()
        self.tablet.show_on(self.display)
        if not self.tablet.enrolled:
            self.desk.wait()
        self.tablet.prepare(self.desk, int(prepared.seed["resident"]))
        self.tablet.media.start()
        self.tablet.core.start()
        self.tablet.window.start()
        self.broker.wait_until(self.broker_answers)
        self.desk.wait()
        return prepared

    def stop(self) -> None:
        """Stop everything; calling it twice is safe."""
        # The core before the window: it would report that the screen is gone.
        desk = (
            *self.desk.cafe_parts,
            self.desk.escalation,
            self.desk.link,
            self.desk.devices,
            self.desk.pages,
            self.desk.signer,
        )
        for part in (self.tablet.core, self.tablet.media, self.tablet.window, *desk, self.broker):
            part.stop()
        self.desk.inspector.close()
        if self.virtual_display:
            self.virtual_display.stop()

    def start_broker(self) -> None:
        """Start the broker with this system's configuration; also after it was stopped."""
        broker.configure(self._broker_place)
        self.broker.start()

    def broker_answers(self) -> bool:
        """Return whether devices could connect."""
        return answers(self.place.ports.broker_devices)

    def painted(self) -> bool:
        """Return whether the desk has confirmation that its newest view is painted, and a picture is there.

        It must have received one since this start: an older confirmation is stored.
        """
        rows = self.desk.rows(
            "devices.DesiredDocument",
            "pk",
            name="view",
            painted_version=field("version"),
            device=self.tablet.device,
            device__online=True,
            device__heard_at__gte=self._started_at,
        )
        seen = self.virtual_display.shows_something() if self.virtual_display else True
        return seen and len(rows) == 1

    def wait_until_painted(self, timeout_s: float = 60.0) -> None:
        """Wait for the first picture. Raises ``ProcessFailed`` with the end of the window's log."""
        self.tablet.window.wait_until(self.painted, timeout_s)
