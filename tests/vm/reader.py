"""An installer who reads an emulated tablet's words, and touches what is there (image of tests/vm/wifi)."""

import time

import msgspec
from PIL import Image

from device.rules.setup.state import State, Trouble
from device.screen.setup_words import trouble_words
from device.screen.words import words_of
from device.window_protocol.intents import Intent, SetUp, SetUpAct, TypeKey
from device.window_protocol.model import Screen
from kiosk_ui.boxes import Box
from kiosk_ui.pages.compose import Interaction, compose
from kiosk_ui.scene import TurnPage
from tests.flows.resident_screen import is_drawn
from tests.vm.finger import middle_of, tap_until
from tests.vm.installer import MOST_PAGES, PANEL, START_PATIENCE_S, STEP_PATIENCE_S
from tests.vm.machine import Machine
from tests.vm.waiting import wait

_SCREEN = "cat /run/house/screen.json 2>/dev/null || true"


class Reader:
    """Speaks Finnish."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self.words = words_of("fi")

    def sees_the_wizard(self) -> None:
        """Wait for its first page."""
        wait(lambda: self._shown(0), "the wizard's first page", START_PATIENCE_S)

    def reads(self, text: str) -> float:
        """The seconds until these words are on the display."""
        began_s = time.monotonic()
        wait(lambda: text in repr(self._screen()), f"“{text}” on the display", STEP_PATIENCE_S)
        return time.monotonic() - began_s

    def reads_of(self, trouble: Trouble) -> float:
        """The seconds until the display says what is wrong."""
        return self.reads(trouble_words(State(trouble=trouble), self.words))

    def taps(self, act: SetUpAct, value: str = "") -> None:
        """Touch it where it is to be seen, on this page or behind an arrow."""
        self._tap(SetUp(act, value))

    def types(self, text: str) -> None:
        for sign in text:
            self._tap(TypeKey(sign))
        self._tap(TypeKey("done"))

    def _tap(self, intent: Intent) -> None:
        wait(lambda: self._turned_to(intent) is not None, f"a button for {intent!r}", STEP_PATIENCE_S)
        last = self._turned_to(intent)
        assert last is not None
        for turned in range(last):
            arrow = self._box(TurnPage(turned + 1, "more"), turned)
            assert arrow, f"no arrow on page {turned} for {intent!r}"
            self._tap_until_changed(arrow, turned)
        box = self._box(intent, last)
        assert box
        self._tap_until_changed(box, last)

    def _tap_until_changed(self, box: Box, turned: int) -> None:
        """Nothing is touched that is not painted yet."""
        wait(lambda: self._shown(turned), "the page is painted", STEP_PATIENCE_S)
        before = self._screen()

        def is_changed() -> bool:
            now = self._screen()
            if now != before:
                return True
            # Another page of the same choices is the window's own.
            return now is not None and not is_drawn(now, PANEL, self._machine.picture(), turned)

        tap_until(self._machine, middle_of(box), is_changed, "something comes of a tap", again_s=60.0)

    def _turned_to(self, intent: Intent) -> int | None:
        return next((turned for turned in range(MOST_PAGES) if self._box(intent, turned)), None)

    def _box(self, action: Intent | TurnPage, turned: int) -> Box | None:
        screen = self._screen()
        if screen is None:
            return None
        targets = compose(screen, PANEL, Interaction(turned=turned)).targets
        return next((each.box for each in targets if each.action == action), None)

    def _shown(self, turned: int) -> bool:
        screen, picture = self._screen(), self._machine.picture()
        return screen is not None and _is_whole(picture) and is_drawn(screen, PANEL, picture, turned)

    def _screen(self) -> Screen | None:
        """What the tablet shows by its own word; None before it has said so."""
        body = self._machine.shell.run(_SCREEN)
        return msgspec.json.decode(body, type=Screen) if body else None


def _is_whole(picture: Image.Image) -> bool:
    return picture.size == (PANEL.width_px, PANEL.height_px)
