"""An installer in front of an emulated tablet, who sees its display and nothing else.

What must be on it follows from the wizard's own rules; what the desk and the parts answer is known here.
"""

import time
from collections.abc import Callable

from PIL import Image, ImageChops

from device.contract.claim import ClaimedFor
from device.rules.setup import events as ev
from device.rules.setup.state import Device, Kept, Network, State
from device.rules.setup.step import step
from device.screen.setup import compose_setup
from device.window_protocol.intents import Intent, SetUp, SetUpAct, TypeKey
from device.window_protocol.model import Screen
from kiosk_ui.boxes import Box
from kiosk_ui.pages.compose import Interaction, compose
from kiosk_ui.panel import Panel
from kiosk_ui.scene import TurnPage
from tests.flows.resident_screen import is_drawn
from tests.vm.finger import middle_of, stays_so, tap_until
from tests.vm.host import Host
from tests.vm.machine import HEIGHT_PX, WIDTH_PX, Machine
from tests.vm.waiting import NotSeen, wait

PANEL = Panel(WIDTH_PX, HEIGHT_PX, 217.0)
# What the image's board.toml names.
DEVICE = Device(parts=frozenset(("speaker", "microphone", "camera", "display", "power")))
LOOK_S = 0.3
STEP_PATIENCE_S = 600.0
START_PATIENCE_S = 1800.0
TAP_AGAIN_S = 60.0
_SAVED = "/var/lib/kotiruutu/data/setup.json"
MOST_PAGES = 6
SOUND_ATTEMPTS = 5


class Installer:
    """``taps`` are those on buttons, ``keys`` those on the keyboard."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._state = State()
        # What was on the display before the last tap, and where that was: it may have been lost.
        self._before_tap: tuple[Screen, int, Box] | None = None
        self.taps = self.keys = 0
        self.is_tone_heard = False
        self._happens(ev.Began(kept=Kept(), device=DEVICE))

    def sees_the_wizard(self) -> None:
        """Wait for the wizard's first page."""
        self.sees(self._screen, START_PATIENCE_S)

    def sets_up(self, host: Host, *, replaces: bool = False) -> None:
        """From the first page to the resident's home; what an emulated computer has not is left out."""
        self._taps("language", "fi")
        self._happens(ev.NetworkSeen(network=Network(connection="cable")))
        self._taps("type")
        self._types(host.address)
        self._types(host.claim().lower())
        claimed = ClaimedFor(resident="Eino Aalto", organisation=host.organisation, replaces=replaces)
        self._happens(ev.DeskAnswered(claimed=claimed, mark=host.mark))
        self._taps("confirm")
        self._happens(ev.Enrolled())
        self.is_tone_heard = self._tests_the_sound()
        self._happens(ev.CameraShows(frames="", detail="no camera"))
        self._leaves_out()
        self._taps("confirm")
        self._happens(ev.GapsReceived(gaps=("contacts", "escalation")))
        self._taps("next")
        self._taps("confirm")

    def sees(
        self, screen: Callable[[], Screen], patience_s: float = STEP_PATIENCE_S, turned: int = 0
    ) -> Image.Image:
        """A picture with this Screen on it."""
        return self._until(lambda picture: is_drawn(screen(), PANEL, picture, turned), patience_s)

    def _tests_the_sound(self) -> bool:
        """Again where it was not heard: an emulator that is busy plays it with gaps. Then it is left out."""
        for attempt in range(SOUND_ATTEMPTS):
            if attempt:
                self._taps("again")
            wait(lambda: self._is_at_the_camera() or self._was_not_heard(), "the tone's end", STEP_PATIENCE_S)
            if self._is_at_the_camera():
                self._happens(ev.SoundTested())
                return True
            self._happens(ev.SoundTested(detail="not heard"))
        self._leaves_out()
        return False

    def _was_not_heard(self) -> bool:
        failed, _effects = step(self._state, ev.SoundTested(detail="not heard"))
        return is_drawn(compose_setup(failed), PANEL, self._machine.picture())

    def _is_at_the_camera(self) -> bool:
        """Which step it is stands in what the wizard has saved."""
        return '"stage":"camera"' in self._machine.shell.run(f"cat {_SAVED}")

    def _leaves_out(self) -> None:
        self._taps("ask-to-skip")
        self._taps("skip", "not-here")

    def _screen(self) -> Screen:
        return compose_setup(self._state)

    def _happens(self, event: ev.SetupEvent) -> None:
        self._state, _effects = step(self._state, event)

    def _taps(self, act: SetUpAct, value: str = "") -> None:
        self.taps += self._tap(SetUp(act, value))

    def _types(self, text: str) -> None:
        for sign in text:
            if self._box(TypeKey(sign), 0) is None:
                self._key("figures" if not sign.isalpha() else "letters")
            self._key(sign)
        self._key("done")

    def _key(self, key: str) -> None:
        self._tap(TypeKey(key))
        self.keys += 1

    def _tap(self, intent: Intent) -> int:
        """How many taps it took, arrows with it: again where nothing came of one, as people do."""
        taps = 1
        for turned in range(MOST_PAGES):
            self.sees(self._screen, turned=turned)
            if box := self._box(intent, turned):
                break
            arrow = self._box(TurnPage(turned + 1, "more"), turned)
            assert arrow, f"nothing on the screen does {intent!r}"
            self._tap_until(arrow, self._is_changed(turned, self._screen()))
            taps += 1
        assert box
        is_key = isinstance(intent, TypeKey) and intent.key != "done"
        touched, _effects = step(self._state, ev.Touched(intent=intent))  # type: ignore[arg-type]
        is_so = self._is_typed(intent) if is_key else self._is_changed(turned, compose_setup(touched))
        self._tap_until(box, is_so)
        self._before_tap = None if is_key else (self._screen(), turned, box)
        self._state = touched
        return taps

    def _is_changed(self, turned: int, after: Screen) -> Callable[[], bool]:
        """Something else is on the display; where both look alike, the field is empty, or ``after`` came."""
        screen, before = self._screen(), self._machine.picture()
        field = compose(screen, PANEL).pieces.get("field")
        tells_apart = not is_drawn(after, PANEL, before)

        def is_another() -> bool:
            picture = self._machine.picture()
            is_empty = field is not None and _differ(before, picture, field.box)
            is_after = tells_apart and is_drawn(after, PANEL, picture)
            return is_empty or is_after or not is_drawn(screen, PANEL, picture, turned)

        return lambda: stays_so(is_another)

    def _is_typed(self, key: Intent) -> Callable[[], bool]:
        """The field has changed, or the keys have."""
        pieces = compose(self._screen(), PANEL).pieces
        is_layout = key in (TypeKey("figures"), TypeKey("letters"), TypeKey("shift"))
        watched = pieces["key.0"].box if is_layout else pieces["field"].box
        before = self._machine.picture()
        return lambda: _differ(before, self._machine.picture(), watched)

    def _box(self, action: Intent | TurnPage, turned: int) -> Box | None:
        targets = compose(self._screen(), PANEL, Interaction(turned=turned)).targets
        return next((each.box for each in targets if each.action == action), None)

    def _tap_until(self, box: Box, is_so: Callable[[], bool]) -> None:
        try:
            tap_until(
                self._machine,
                middle_of(box),
                is_so,
                "nothing came of a tap",
                again_s=TAP_AGAIN_S,
                patience_s=STEP_PATIENCE_S,
            )
        except NotSeen as missing:
            self._fail(str(missing))

    def _until(self, is_so: Callable[[Image.Image], bool], patience_s: float) -> Image.Image:
        deadline = time.monotonic() + patience_s
        again_s = time.monotonic() + TAP_AGAIN_S
        while time.monotonic() < deadline:
            picture = self._machine.picture()
            if picture.size == (WIDTH_PX, HEIGHT_PX):
                if is_so(picture):
                    return picture
                if time.monotonic() > again_s and self._is_tap_lost(picture):
                    again_s = time.monotonic() + TAP_AGAIN_S
            time.sleep(LOOK_S)
        self._fail("it did not come on the display")
        raise AssertionError

    def _is_tap_lost(self, picture: Image.Image) -> bool:
        """Tap again where the page before is still there: its touched button was taken for another page."""
        if self._before_tap is None:
            return False
        screen, turned, box = self._before_tap
        if screen == self._screen() or not is_drawn(screen, PANEL, picture, turned):
            return False
        self._machine.tap(*middle_of(box))
        return True

    def _fail(self, words: str) -> None:
        self._machine.picture().save("build/vm-not-seen.png")
        raise NotSeen(f"{words}: build/vm-not-seen.png; expected {self._screen().page!r}")


def _differ(before: Image.Image, after: Image.Image, box: Box) -> bool:
    corners = box.x, box.y, box.right, box.bottom
    return ImageChops.difference(before.crop(corners), after.crop(corners)).getbbox() is not None
