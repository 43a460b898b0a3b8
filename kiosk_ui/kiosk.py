"""The window's logic: the current Scene, touches, and messages to the core.

Independent of Kivy and threads: clock, core and drawing are passed in.
"""

from collections.abc import Callable, Hashable
from typing import NamedTuple, Protocol

from device.window_protocol.intents import LetGoHelp, TouchHelp
from device.window_protocol.messages import BEAT_INTERVAL_S, Beat, Done, FromViewer, Painted, Turned
from device.window_protocol.model import Home, Screen
from kiosk_ui.bridge import News
from kiosk_ui.pages.compose import Interaction, compose, compose_lost
from kiosk_ui.panel import Panel
from kiosk_ui.scene import Scene, Target, TurnPage
from kiosk_ui.touch import LEAN_MM, QUICK_REPEAT_S, REPEAT_S, TouchReader

LOST_AFTER_S = 10.0
CLOCK_TRUE_S = 75.0
PRESSED_LOOK_S = 0.18
FROM_AFAR = "from-afar"

Clock = Callable[[], float]


class Core(Protocol):
    """The core, as seen from the drawing loop."""

    def take(self) -> News:
        """Return what arrived since the last call."""

    def say(self, message: FromViewer) -> None:
        """Queue a message to the core."""


class _Hold(NamedTuple):
    """A finger on a button that must be held."""

    finger: Hashable
    target: Target
    since_s: float


class Kiosk:
    """One resident's window: shows Screens, turns pages, and reports touches to the core."""

    def __init__(self, panel: Panel, core: Core, show: Callable[[Scene], bool], clock: Clock) -> None:
        """Create the window's logic. ``show`` draws a Scene and returns whether a frame is needed."""
        self._panel = panel
        self._core = core
        self._show = show
        self._clock = clock
        self._touch = TouchReader(panel.px_per_mm)
        self._screen: Screen | None = None
        self._drawn_s = self._away_s = self._beat_s = clock()
        self._is_connected = False
        self._turned = 0
        self._touched_s = clock()
        self._hold: _Hold | None = None
        self._glow: tuple[str, float] | None = None
        self._unpainted: int | None = None
        self._targets: tuple[Target, ...] = ()
        self._shown: tuple[object, ...] | None = None
        self.wants_picture = False

    def step(self) -> bool:
        """Handle messages and lay out changes. Return whether a frame must be drawn."""
        now = self._clock()
        self._take_news(now)
        if now >= self._beat_s:
            self._core.say(Beat())
            self._beat_s = now + BEAT_INTERVAL_S
        return self._lay_out(now)

    def frame_is_on(self) -> None:
        """Report the displayed frame, which counts as a beat."""
        if self._unpainted is not None:
            self._core.say(Painted(self._unpainted))
            self._unpainted = None
            self._beat_s = self._clock() + BEAT_INTERVAL_S

    def wake_at(self) -> float:
        """Return the time of the next scheduled work, on the given clock."""
        due = [self._beat_s]
        if self._glow:
            due.append(self._glow[1])
        if self._turned:
            due.append(self._turned_back_s())
        if self._screen and not self._is_lost(self._clock()):
            due.append(self._lost_at())
        return min(due)

    def finger_down(self, finger: Hashable, x: float, y: float) -> None:
        """Handle a finger or mouse press; in pixels from the top left."""
        now, before = self._clock(), self._touch.target
        self._touched_s = now
        self._touch.down(finger, x, y, now, self._targets)
        target = self._touch.target
        if target and target.hold_s and target is not before:
            self._hold = _Hold(finger, target, now)
            self._core.say(Done(TouchHelp()))

    def finger_moved(self, finger: Hashable, x: float, y: float) -> None:
        """Follow a moved finger: one that slides off a button does not press it."""
        self._touch.move(finger, x, y)

    def finger_up(self, finger: Hashable, x: float, y: float) -> None:
        """Handle a lifted finger, and act on what it meant."""
        now = self._clock()
        tapped = self._touch.up(finger, x, y, now, self._targets)
        if self._hold and self._hold.finger == finger:
            self._let_go(self._hold, now)
            return
        if tapped is None:
            return
        self._glow = (tapped.key, now + PRESSED_LOOK_S)
        if isinstance(tapped.action, TurnPage):
            self._turned = tapped.action.to
            self._core.say(Turned(tapped.action.arrow))
        else:
            self._core.say(Done(tapped.action))

    def _let_go(self, hold: "_Hold", now: float) -> None:
        """End a hold; where the core was away meanwhile, a hold that was long enough still counts."""
        self._hold = None
        is_held = hold.finger == FROM_AFAR or now - hold.since_s >= hold.target.hold_s
        intent = hold.target.action if is_held else LetGoHelp()
        if not isinstance(intent, TurnPage):
            self._core.say(Done(intent))

    def _take_news(self, now: float) -> None:
        news = self._core.take()
        if self._is_connected and not news.is_connected:
            self._away_s = now
        self._is_connected = news.is_connected
        self.wants_picture = self.wants_picture or news.wants_picture
        if news.screen is not None:
            self._take_screen(news.screen, now)
        for touch in news.touches:
            x, y = touch.x * self._panel.width_px, touch.y * self._panel.height_px
            self._lay_out(now)
            self.finger_down(FROM_AFAR, x, y)
            self.finger_up(FROM_AFAR, x, y)

    def _take_screen(self, screen: Screen, now: float) -> None:
        if self._screen is None or type(self._screen.page) is not type(screen.page):
            self._turned = 0
        self._screen = screen
        self._touch.lean_mm = LEAN_MM[screen.style.profile]
        self._touch.repeat_s = QUICK_REPEAT_S if screen.style.profile == "installer" else REPEAT_S
        self._drawn_s = now
        self._unpainted = screen.revision

    def _lay_out(self, now: float) -> bool:
        if self._screen is None:
            return False
        is_lost = self._is_lost(now)
        if self._glow and now >= self._glow[1]:
            self._glow = None
        if now >= self._turned_back_s():
            self._turned = 0
        look = Interaction(self._turned, self._touch.pressed or (self._glow[0] if self._glow else None))
        wanted = (self._screen, look, is_lost)
        if wanted == self._shown:
            return False
        scene = (compose_lost if is_lost else compose)(self._screen, self._panel, look)
        self._shown = wanted
        self._targets = scene.targets
        return self._show(scene)

    def _turned_back_s(self) -> float:
        return self._touched_s + (self._screen.home_after_s if self._screen else 0.0)

    def _is_lost(self, now: float) -> bool:
        return self._screen is not None and now >= self._lost_at()

    def _lost_at(self) -> float:
        """Return when the shown data becomes untrustworthy: the core is gone, or a clock stands still."""
        at = float("inf") if self._is_connected else max(self._away_s, self._drawn_s) + LOST_AFTER_S
        page = self._screen.page if self._screen else None
        has_clock = isinstance(page, Home) and page.clock and page.clock.time
        if has_clock or (self._screen and self._screen.clock and not isinstance(page, Home)):
            at = min(at, self._drawn_s + CLOCK_TRUE_S)
        return at
