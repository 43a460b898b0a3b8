"""One home: its resident asks for help repeatedly, whatever faults are injected."""

import random
import resource
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from device.window_protocol.client import CoreGone, ScreenClient
from device.window_protocol.intents import Intent, OpenPage, PressHelp
from device.window_protocol.messages import Done
from tests.campaign.board import Board
from tests.campaign.claims import Claim, Deeds, Witness, is_so
from tests.campaign.contact_phones import ContactPhones
from tests.campaign.nurse import Nurse
from tests.campaign.street import Street
from tests.device.core_process import ask_hardware

PATIENCE_S = 150.0
# Both servers silent, the escalation killed at work, and the waits between attempts, one after the other.
CENTRE_PATIENCE_S = 240.0
# A resident who sees and hears nothing presses again.
PRESSES_AGAIN_S = 3.0
POLL_S = 0.1
LARGEST_JUMP_S = 6 * 3600
SIMULATED = ("buttons", "pendants", "speaker", "lights", "microphone", "display", "power")
ASKED = ("sending", "received", "coming", "here")
_FIELDS = (
    "received_at", "taken_at", "taken_by__first_name", "arrived_at", "closed_at", "id", "taken_name",
)  # fmt: skip


class Home:
    """``faults`` counts the faults that were injected; ``lies`` are claims of its screen that were not so."""

    def __init__(self, street: Street, number: int, seed: int, nurse: Nurse, board: Board) -> None:
        self.tablet = street.tablets[number]
        self.faults: Counter[str] = Counter()
        self.lies: list[Claim] = []
        self.requests = self.undelivered = self.unended = 0
        # How many were left to the alarm centre first, and how many of those it has confirmed.
        self.alarms = self.acknowledged = 0
        self._street, self._nurse, self._board = street, nurse, board
        self._chance = random.Random(f"{seed}-{number}")
        self._relay = street.relays[number]
        folder = street.places[number].folder
        self._offset = folder / "clock"
        self._names = {f"+3584{order}{number:07}": name for order, name in enumerate(("Leena", "Otto"))}
        self._phones = ContactPhones(folder, self._chance)
        self._witness: Witness | None = None
        self._under_way: list[threading.Timer] = []
        self._has_window = False
        self._is_linked = lambda: bool(self._screen and self._screen.notice == "")
        parts = "".join(f'[{part}]\nadapter = "simulated"\n' for part in SIMULATED)
        (folder / "board.toml").write_text(f'{parts}[modem]\nadapter = "at"\nport = "{self._phones.port}"\n')

    @property
    def _screen(self) -> Any:
        return self._witness.newest if self._witness else None

    def start(self) -> None:
        """The core runs, and its screen is watched."""
        self._offset.write_text("0")
        self._phones.plug()
        settings = self.tablet.core.command[-1]
        with open(settings, "a", encoding="utf-8") as file:  # noqa: PTH123 - a line more
            file.write(f'board = "{self._offset.parent / "board.toml"}"\n')
        core = [sys.executable, "-m", "tests.campaign.core", str(self._offset), "--settings", settings]
        self.tablet.core.command = tuple(core)
        self.tablet.core.start()
        self._witness = Witness(self.tablet.screen_socket)
        assert self._until(self._is_linked, 60.0), f"no link; see {self.tablet.core.log}"

    def open_window(self, display: str) -> None:
        """A real window on this display; from now on it dies too."""
        self.tablet.show_on(display)
        self.tablet.window.start()
        self._has_window = True

    def stop(self) -> None:
        """Everything that this home started."""
        self.tablet.core.stop()
        self.tablet.window.stop()
        if self._witness:
            self._witness.leave()
        self._phones.put_back()
        self._phones.unplug()

    def ask(self) -> None:
        """One call for help, from the press until the desk has closed it."""
        assert self._witness
        self._witness.begin()
        began = datetime.now(UTC)
        texts_before, answers_before = len(self._phones.heard), len(self._phones.answered)
        self._phones.willing = frozenset(number for number in self._names if self._chance.random() < 0.5)
        self.requests += 1
        self._inject_faults()
        is_asked = self._press_until_seen()
        is_there = is_asked and self._until(lambda: self._rows(began), PATIENCE_S)
        self._judge(began, texts_before, answers_before)
        if not is_there:
            self.undelivered += 1
        else:
            self._finish(began)
        for timer in self._under_way:
            timer.join()
        self._judge(began, texts_before, answers_before)
        self._go_home()

    @property
    def text_messages(self) -> tuple[int, int]:
        """How many went out, and how many contacts answered that they go."""
        return len(self._phones.heard), len(self._phones.answered)

    def rows_at_desk(self) -> int:
        """How many requests of this home the desk has."""
        return len(self._street.desk.rows("help.HelpRequest", "pk", device=self.tablet.device, kind="help"))

    def _press_until_seen(self) -> bool:
        press = self._chance.choice((self._button, self._pendant, self._finger))

        def is_seen() -> bool:
            return self._witness is not None and self._witness.help_state in ASKED

        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            press()
            if self._until(is_seen, PRESSES_AGAIN_S):
                return True
        return False

    def _button(self) -> None:
        self._hardware(press="help")

    def _pendant(self) -> None:
        self._hardware(pendant="FEF71234")

    def _finger(self) -> None:
        self._do(PressHelp())

    def _hardware(self, **line: Any) -> None:
        try:
            ask_hardware(self.tablet.sim_socket, **line)
        except (OSError, ValueError):
            return  # the core is away: nobody feels the press

    def _do(self, intent: Intent) -> None:
        try:
            with ScreenClient(self.tablet.screen_socket, "viewer", connect_timeout_s=0.2) as viewer:
                viewer.send(Done(intent))
        except CoreGone:
            return

    def _finish(self, began: datetime) -> None:
        """Answer as a nurse, if no contact has, and close; each step is pressed until the desk has it.

        Where the board hangs, she is informed only by the escalation. Half of the alarms are first left to
        the centre.
        """
        if self._chance.random() < 0.5 and not self._rows(began)[0][1]:
            self._leave_to_the_centre(began)
        if self._board.hangs:
            self._until(lambda: self._is_notified(began), PATIENCE_S)
        steps = [("take", 1), ("arrive", 3), ("close", 4)]
        for verb, column in steps if self._chance.random() < 0.5 else [steps[0], steps[2]]:

            def is_done(verb: str = verb, column: int = column) -> bool:
                row = self._rows(began)[0]
                return row[column] is not None or (self._nurse.press(verb, str(row[5])) and False)

            self._until(is_done, PATIENCE_S)
        if not self._until(self._is_over, PATIENCE_S):
            self.unended += 1

    def _leave_to_the_centre(self, began: datetime) -> None:
        """Until it has confirmed the alarm; somebody who answers meanwhile by text message ends the wait."""

        def is_settled() -> bool:
            row = self._rows(began)[0]
            return row[1] is not None or self._street.partner.confirmed_at(row[5]) is not None

        is_in_time = self._until(is_settled, CENTRE_PATIENCE_S)
        row = self._rows(began)[0]
        if self._street.partner.confirmed_at(row[5]):
            self.alarms, self.acknowledged = self.alarms + 1, self.acknowledged + 1
        elif not is_in_time:
            self.alarms += 1

    def _is_notified(self, began: datetime) -> bool:
        row = self._rows(began)[0]
        kinds = ("notified", "partner")
        steps = self._street.desk.rows("help.HelpStep", "pk", request=row[5], kind__in=kinds)
        return row[1] is not None or bool(steps)

    def _is_over(self) -> bool:
        """Said so, or, after a restart, back at home with a button that waits for the next time."""
        if self._screen is None or self._witness is None:
            return False
        state = self._witness.help_state
        return state == "over" or (state == "" and self._screen.help.state == "idle")

    def _go_home(self) -> None:
        def is_home() -> bool:
            if self._screen is not None and self._witness and self._witness.help_state == "":
                return True
            self._do(OpenPage("home"))
            return False

        self._until(is_home, PATIENCE_S)

    def _judge(self, began: datetime, texts_before: int, answers_before: int) -> None:
        assert self._witness
        claims = self._witness.claims()
        rows = self._rows(began)
        row = rows[0][:5] if rows else None
        texts, answers = self._phones.heard[texts_before:], self._phones.answered[answers_before:]
        told_at = self._street.partner.confirmed_at(rows[0][5]) if rows else None
        deeds = Deeds(row, texts, answers, self._names, self._nurse.name, told_at)
        self.lies += [claim for claim in claims if not is_so(claim, deeds) and claim not in self.lies]

    def _rows(self, began: datetime) -> list[tuple[Any, ...]]:
        found = self._street.desk.rows(
            "help.HelpRequest",
            *_FIELDS,
            device=self.tablet.device,
            received_at__gte=began,
            order=["received_at"],
        )
        return [(*row[:2], row[2] or row[6], *row[3:6]) for row in found]

    def _inject_faults(self) -> None:
        """Two faults at most, around the press; not a full disk and a kill, which take what nobody has."""
        faults: list[tuple[str, Callable[[], None]]] = [
            ("core killed", self.tablet.core.kill),
            ("half-open link", self._relay.swallow),
            ("modem unplugged", lambda: self._phones.pull_out(self._chance.uniform(1, 6))),
            ("disk full", self._fill_disk),
            ("clock jumped", self._jump),
        ]
        if self._has_window:
            faults.append(("window killed", self.tablet.window.kill))
        chosen = self._chance.sample(faults, self._chance.choice((0, 1, 1, 2)))
        if {"core killed", "disk full"} <= {name for name, _ in chosen}:
            chosen = chosen[:1]
        self._under_way = []
        for name, strike in chosen:
            self.faults[name] += 1
            timer = threading.Timer(self._chance.uniform(0.0, 1.0), strike)
            timer.start()
            self._under_way.append(timer)
        time.sleep(self._chance.uniform(0.0, 0.8))

    def _fill_disk(self) -> None:
        pid = self.tablet.core.pid
        if pid is None:
            return
        before = _limit(pid, 0)
        time.sleep(self._chance.uniform(1, 4))
        _limit(pid, before)

    def _jump(self) -> None:
        self._offset.write_text(str(round(self._chance.uniform(-LARGEST_JUMP_S, LARGEST_JUMP_S))))
        time.sleep(self._chance.uniform(1, 4))
        self._offset.write_text("0")

    @staticmethod
    def _until(look: Callable[[], object], patience_s: float) -> bool:
        deadline = time.monotonic() + patience_s
        while time.monotonic() < deadline:
            if look():
                return True
            time.sleep(POLL_S)
        return False


def _limit(pid: int, most_bytes: int) -> int:
    """The largest file that this process may write; what it was before. A process that is gone has none."""
    try:
        before, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (most_bytes, hard))
    except ProcessLookupError:
        return resource.RLIM_INFINITY
    return before
