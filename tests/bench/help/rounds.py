"""One press after the other, with a watch in the hand."""

import signal
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from device.window_protocol.client import ScreenClient
from device.window_protocol.intents import OpenPage
from device.window_protocol.messages import Done
from tests.campaign.claims import Witness
from tests.campaign.nurse import Nurse
from tests.campaign.street import Street
from tests.device.core_process import ask_hardware
from tests.link.waiting import eventually

PATIENCE_S = 40.0


class Rounds:
    """A tablet with simulated hardware at a real desk; ``samples`` are seconds, by the targets' names."""

    def __init__(self, street: Street, nurse: Nurse) -> None:
        self.samples: dict[str, list[float]] = defaultdict(list)
        self._street, self._nurse = street, nurse
        self._tablet, self._relay = street.tablets[0], street.relays[0]
        self._tablet.core.start()
        self._witness = Witness(self._tablet.screen_socket)
        self._wait_for_link()

    def felt_and_received(self) -> None:
        """All is well: lamp, sound, receipt."""
        before = {part: len(self._history(part)) for part in ("lights", "speaker")}
        pressed_s = self._press()
        felt = {"light": ("lights", ["show", "help"]), "sound": ("speaker", ["play", "help"])}
        for name, (part, entry) in felt.items():
            eventually(
                lambda part=part, entry=entry: any(  # type: ignore[misc]
                    each[:2] == entry for each in self._history(part)[before[part] :]
                ),
                f"the press is felt: {name}",
            )
            self.samples[f"button_to_{name}_p95"].append(time.monotonic() - pressed_s)
        self.samples["button_to_receipt_p95"].append(self._until_received(pressed_s))
        self._over()

    def by_https(self) -> None:
        """The broker is dead, and that is known."""
        self._street.broker.stop(signal.SIGKILL)
        eventually(lambda: not self._is_linked(), "the broker is missed", PATIENCE_S)
        self.samples["broker_dead_to_https_p95"].append(self._until_received(self._press()))
        self._street.broker.start()
        self._wait_for_link()
        self._over()

    def through_a_half_open_link(self) -> None:
        """The connection is there and carries nothing."""
        self._relay.swallow()
        self.samples["half_open_to_https_p95"].append(self._until_received(self._press()))
        self._wait_for_link()
        self._over()

    def by_text_message(self, name: str, cut: Callable[[], None], mend: Callable[[], None]) -> None:
        """Measure with neither broker nor desk."""
        cut()
        before = len(self._history("modem"))
        pressed_s = self._press()
        eventually(lambda: len(self._history("modem")) > before, "the modem has it", PATIENCE_S)
        self.samples[name].append(time.monotonic() - pressed_s)
        mend()
        self._wait_for_link()
        eventually(self._is_received, "the desk has it", PATIENCE_S)
        self._over()

    def dead(self) -> None:
        """Broker and desk are killed, and missed."""
        self._street.broker.stop(signal.SIGKILL)
        self._street.desk.devices.stop(signal.SIGKILL)
        eventually(lambda: not self._is_linked(), "the broker is missed", PATIENCE_S)

    def silent(self) -> None:
        """The link is half open, and stays so however often it is made; the desk's door opens to nobody."""
        self._street.desk.devices.send(signal.SIGSTOP)
        self._relay.swallow(for_good=True)

    def mend(self) -> None:
        self._relay.carry()
        self._street.desk.devices.send(signal.SIGCONT)
        self._street.broker.start()
        self._street.desk.devices.start()
        self._street.desk.wait()

    def leave(self) -> None:
        self._witness.leave()

    def _press(self) -> float:
        eventually(lambda: self._witness.help_state == "", "no help is asked for", PATIENCE_S)
        pressed_s = time.monotonic()
        ask_hardware(self._tablet.sim_socket, press="help")
        return pressed_s

    def _until_received(self, pressed_s: float) -> float:
        eventually(self._is_received, "the desk has it", PATIENCE_S)
        return time.monotonic() - pressed_s

    def _is_received(self) -> bool:
        return self._witness.help_state == "received"

    def _over(self) -> None:
        """Taken, closed, and the screen at home; so quickly that nothing else goes on."""
        rows = self._street.desk.rows(
            "help.HelpRequest", "id", device=self._tablet.device, order=["-received_at"]
        )
        help_id = str(rows[0][0])
        for verb in ("take", "close"):
            eventually(lambda verb=verb: self._nurse.press(verb, help_id), verb, PATIENCE_S)  # type: ignore[misc]
        eventually(lambda: self._witness.help_state == "over", "it is over", PATIENCE_S)
        with ScreenClient(self._tablet.screen_socket, "viewer") as finger:
            finger.send(Done(OpenPage("home")))

    def _history(self, part: str) -> list[list[Any]]:
        history: list[list[Any]] = ask_hardware(self._tablet.sim_socket, history=part)["history"]
        return history

    def _is_linked(self) -> bool:
        shown = self._witness.newest
        return shown is not None and not shown.notice

    def _wait_for_link(self) -> None:
        eventually(self._is_linked, "the link", PATIENCE_S)
