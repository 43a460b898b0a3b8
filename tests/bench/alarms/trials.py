"""One press after the other, from the button to the word of the alarm centre on the screen."""

import time
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime

from device.window_protocol.client import ScreenClient
from device.window_protocol.intents import OpenPage
from device.window_protocol.messages import Done
from device.window_protocol.model import HelpPage
from tests.campaign.claims import Witness
from tests.campaign.nurse import Nurse
from tests.campaign.partner import alarms_process, set_centre
from tests.campaign.street import Street
from tests.device.core_process import ask_hardware
from tests.link.waiting import eventually
from tests.partner.sip_peer import Centre

PATIENCE_S = 60.0
NOTIFIED = "The alarm centre has been told"
STAGES = (
    "pressed to received at the desk",
    "received to claimed by the escalation",
    "claimed to queued for the SIP process",
    "queued to confirmed by the centre",
    "confirmed to reported to the device",
    "reported to said by the screen",
)
# Nobody listens there.
DEAD = "sip:alarm@127.0.0.1:9;transport=udp"


class Trials:
    """A tablet with simulated hardware, a real desk, and an alarm centre; ``samples`` are seconds."""

    def __init__(self, street: Street, nurse: Nurse, first: Centre, second: Centre) -> None:
        self.samples: dict[str, list[float]] = defaultdict(list)
        self._street, self._nurse, self._first, self._second = street, nurse, first, second
        self.alarms = alarms_process(street.place)
        self.alarms.start()
        self._set(first.address, second.address)
        self._touched_s = 0.0
        self._tablet = street.tablets[0]
        self._tablet.core.start()
        self._witness = Witness(self._tablet.screen_socket)
        eventually(lambda: self._witness.newest and not self._witness.newest.notice, "the link", PATIENCE_S)
        eventually(lambda: first.alarms, "a sign of life", PATIENCE_S)

    def figures(self) -> Iterator[tuple[str, list[float], float]]:
        """Name, samples, and the most that it may be."""
        yield "press_to_acknowledged_p95", self.samples["press_to_acknowledged_p95"], 1.0
        yield "primary_dead_to_second", self.samples["primary_dead_to_second"], 10.0

    def press_to_acknowledged(self) -> None:
        """All is well: until the screen says that the centre has it."""
        pressed_s, pressed_at = self._press(), datetime.now(UTC)
        eventually(self._is_notified, "the screen says it", PATIENCE_S)
        self.samples["press_to_acknowledged_p95"].append(time.monotonic() - pressed_s)
        self._keep_stages(pressed_at, datetime.now(UTC))
        self._over()

    def _keep_stages(self, pressed_at: datetime, shown_at: datetime) -> None:
        """Where the time went, by the desk's rows."""
        rows, newest = self._street.desk.rows, ["-pk"]
        (request, received_at), *_ = rows("help.HelpRequest", "pk", "received_at", order=newest)
        ((claimed_at,),) = rows("help.HelpStep", "at", request=request, way="scaip")
        ((queued_at, settled_at),) = rows("partner.AlarmMessage", "created_at", "settled_at", request=request)
        reports = rows(
            "devices.DeviceCommand", "issued_at", body__kind="report-help-progress", order=["-issued_at"]
        )
        moments = [pressed_at, received_at, claimed_at, queued_at, settled_at, reports[0][0], shown_at]
        times = [at if isinstance(at, datetime) else datetime.fromisoformat(at) for at in moments]
        for name, before, after in zip(STAGES, times, times[1:], strict=False):
            self.samples[f"stage: {name}"].append((after - before).total_seconds())

    def first_server_dead(self) -> None:
        """Nobody answers at the first server: until the second has the alarm."""
        self._set(DEAD, self._second.address)
        before = len(self._second.real_alarms())
        pressed_s = self._press()
        eventually(lambda: len(self._second.real_alarms()) > before, "the second has it", PATIENCE_S)
        self.samples["primary_dead_to_second"].append(time.monotonic() - pressed_s)
        eventually(self._is_notified, "the screen says it", PATIENCE_S)
        self._over()
        self._set(self._first.address, self._second.address)

    def leave(self) -> None:
        self._witness.leave()
        self._tablet.core.stop()

    def _set(self, first: str, second: str) -> None:
        set_centre(self._street.desk, first, second)

    def _press(self) -> float:
        eventually(self._is_home, "no help is asked for", PATIENCE_S)
        pressed_s = time.monotonic()
        ask_hardware(self._tablet.sim_socket, press="help")
        return pressed_s

    def _is_notified(self) -> bool:
        shown = self._witness.newest
        page = shown.page if shown else None
        return isinstance(page, HelpPage) and NOTIFIED in (
            page.headline,
            *(step.words for step in page.steps),
        )

    def _over(self) -> None:
        rows = self._street.desk.rows(
            "help.HelpRequest", "id", device=self._tablet.device, order=["-received_at"]
        )
        help_id = str(rows[0][0])
        for verb in ("take", "close"):
            eventually(lambda verb=verb: self._nurse.press(verb, help_id), verb, PATIENCE_S)  # type: ignore[misc]
        eventually(lambda: self._witness.help_state == "over", "it is over", PATIENCE_S)

    def _is_home(self) -> bool:
        """Leaves the page that says that it is over, as a finger would, until it is left."""
        if self._witness.help_state == "over" and time.monotonic() - self._touched_s > 0.5:
            self._touched_s = time.monotonic()
            with ScreenClient(self._tablet.screen_socket, "viewer") as finger:
                finger.send(Done(OpenPage("home")))
        return self._witness.help_state == ""
