"""What the window does from moment to moment, with a clock in the test's hand."""

from dataclasses import dataclass, field

import pytest
from msgspec.structs import replace

from device.window_protocol.intents import Intent, LetGoHelp, PressHelp, TouchHelp
from device.window_protocol.messages import BEAT_INTERVAL_S, Beat, Done, FromViewer, Painted, Touch, Turned
from device.window_protocol.model import Page, Screen
from kiosk_ui.bridge import News
from kiosk_ui.kiosk import Kiosk
from kiosk_ui.panel import Panel
from kiosk_ui.scene import Scene
from tests.kiosk_ui.samples import home, notice_page, people_page, screen, visits_page


@dataclass
class Room:
    """A kiosk without a display, a core that can be spoken for, and time."""

    now: float = 100.0
    news: News = field(default_factory=lambda: News(is_connected=True))
    said: list[FromViewer] = field(default_factory=list)
    scene: Scene | None = None

    def __post_init__(self) -> None:
        self.kiosk = Kiosk(Panel(1280, 800, 217), self, self.show, lambda: self.now)

    def take(self) -> News:
        """Return messages as the bridge would."""
        news, self.news = self.news, News(is_connected=self.news.is_connected)
        return news

    def say(self, message: FromViewer) -> None:
        """Record a message as the bridge would."""
        self.said.append(message)

    def show(self, scene: Scene) -> bool:
        """Record a Scene as the renderer would."""
        self.scene = scene
        return True

    def turn(self, screen: Screen | None = None, after_s: float = 0.0) -> bool:
        """One turn of the drawing loop."""
        self.now += after_s
        self.news.screen = screen
        must_draw = self.kiosk.step()
        self.kiosk.frame_is_on()
        return must_draw

    def tap(self, key: str) -> None:
        """A short touch near the edge of a target."""
        assert self.scene
        box = next(target.box for target in self.scene.targets if target.key == key)
        self.kiosk.finger_down(0, box.x + 5, box.y + 5)
        self.kiosk.finger_up(0, box.x + 5, box.y + 5)

    def has(self, key: str) -> bool:
        """Whether it is on the page."""
        return self.scene is not None and key in self.scene.pieces


@pytest.fixture
def room() -> Room:
    return Room()


def test_beats_as_long_as_the_loop_turns(room: Room) -> None:
    """K2: the heartbeat is the drawing loop's."""
    for _ in range(4):
        room.turn(after_s=BEAT_INTERVAL_S)
    assert room.said.count(Beat()) == 4
    room.turn(after_s=0.1)
    assert room.said.count(Beat()) == 4
    assert room.kiosk.wake_at() <= room.now + BEAT_INTERVAL_S


def test_a_painted_screen_is_as_good_as_a_beat(room: Room) -> None:
    """K2: the next is due so long after it; a quiet minute wakes nobody more often than needed."""
    room.turn(screen(home("fi")), after_s=BEAT_INTERVAL_S - 1.0)
    beats = room.said.count(Beat())
    room.turn(after_s=BEAT_INTERVAL_S - 1.0)
    assert room.said.count(Beat()) == beats
    room.turn(after_s=1.0)
    assert room.said.count(Beat()) == beats + 1


def test_a_screen_that_looks_the_same_is_painted_without_drawing(room: Room) -> None:
    """The same picture under a new revision costs no frame, but is answered."""
    assert room.turn(screen(home("fi"), revision=1))
    room.turn(screen(home("fi"), revision=2))
    assert [message for message in room.said if isinstance(message, Painted)] == [Painted(1), Painted(2)]


def test_a_short_absence_of_the_core_is_not_shown(room: Room) -> None:
    """The core may start again without frightening anybody."""
    room.turn(screen(home("fi")))
    room.news = News(is_connected=False)
    room.turn(after_s=1)
    room.turn(after_s=9.5)
    assert room.has("clock.time.0")


def test_a_core_that_is_gone_takes_the_clock_with_it(room: Room) -> None:
    """After ten seconds only what cannot be out of date is shown, until the core is back."""
    room.turn(screen(home("fi")))
    room.news = News(is_connected=False)
    room.turn(after_s=1)
    assert room.kiosk.wake_at() <= room.now + 10
    room.turn(after_s=10)
    assert room.has("lost.words")
    assert not room.has("clock.time.0")
    room.news = News(is_connected=True)
    room.turn(screen(home("fi"), revision=2))
    assert room.has("clock.time.0")


def test_a_clock_that_stands_still_is_taken_down(room: Room) -> None:
    """A core that is connected but silent for more than a minute cannot be showing the time."""
    room.turn(screen(home("fi")))
    room.turn(after_s=70)
    assert room.has("clock.time.0")
    room.turn(after_s=10)
    assert not room.has("clock.time.0")


def test_a_page_without_a_clock_may_stand_still(room: Room) -> None:
    """Where nothing goes stale, silence of a connected core means nothing."""
    room.turn(screen(home("fi", ("cafe", "mute"))))
    room.turn(after_s=3600)
    assert room.has("cafe")


def test_help_can_be_pressed_while_the_core_is_gone(room: Room) -> None:
    """The press is kept for the core's return."""
    room.turn(screen(home("fi")))
    room.news = News(is_connected=False)
    room.turn(after_s=1)
    room.turn(after_s=11)
    room.tap("help")
    assert Done(PressHelp()) in room.said


def test_a_touch_from_afar_goes_the_way_of_a_finger(room: Room) -> None:
    """It finds the same target, and repeats don't count."""
    room.turn(screen(home("fi")))
    room.news.touches.append(Touch(0.9, 0.9))
    room.news.touches.append(Touch(0.9, 0.9))
    room.turn()
    assert [message for message in room.said if isinstance(message, Done)] == [Done(PressHelp())]


def test_a_tap_is_seen_for_a_moment(room: Room) -> None:
    """Also a very short one; then the button looks as before."""
    room.turn(screen(home("fi")))
    assert room.scene
    before = room.scene.pieces["mute"]
    room.tap("mute")
    assert room.turn()
    assert room.scene.pieces["mute"] != before
    room.turn(after_s=0.5)
    assert room.scene.pieces["mute"] == before


def test_turned_pages_stay_turned_while_the_minutes_pass(room: Room) -> None:
    """A new minute does not throw the resident back to the first faces."""
    room.turn(screen(people_page("fi", 20)))
    room.tap("people.more")
    assert room.said[-1] == Turned("more")
    room.turn()
    assert not room.has("face.0")
    room.turn(screen(people_page("fi", 20), revision=2), after_s=60)
    assert not room.has("face.0")


def test_turned_pages_come_back_when_nobody_touches_them(room: Room) -> None:
    """After a minute and a half, or what the view says, also where the core says nothing."""
    for home_after_s in (90.0, 30.0):
        shown = replace(screen(people_page("fi", 20)), home_after_s=home_after_s)
        room.turn(shown)
        room.tap("people.more")
        room.turn()
        room.turn(replace(shown, revision=2), after_s=home_after_s - 20)
        assert not room.has("face.0")
        room.turn(after_s=21)
        assert room.has("face.0")


@pytest.mark.requirement("K13")
@pytest.mark.parametrize(
    ("name", "page"),
    [
        ("people", people_page("fi", 40)),
        ("visits", visits_page("fi", 20)),
    ],
)
def test_the_core_gets_which_arrow_it_was(room: Room, name: str, page: Page) -> None:
    """So that it can say what stands on it."""
    room.turn(screen(page))
    for arrow in ("more", "fewer"):
        room.tap(f"{name}.{arrow}")
        assert room.said[-1] == Turned(arrow)
        room.turn(after_s=1.0)


def held_screen(seconds: float = 2.0) -> Screen:
    """The home page, with a help button that must be held."""
    page = screen(home("fi"))
    assert page.help
    return replace(page, help=replace(page.help, hold_s=seconds))


def done(room: Room) -> list[Intent]:
    """Return the intents sent to the core."""
    return [message.intent for message in room.said if isinstance(message, Done)]


@pytest.mark.requirement("K3")
@pytest.mark.parametrize(("held_s", "said"), [(0.5, LetGoHelp()), (2.1, PressHelp())], ids=["short", "long"])
def test_a_help_button_that_must_be_held_reports_when_it_is_touched_and_left(
    room: Room, held_s: float, said: Intent
) -> None:
    """The core counts and says so in words; a hold that was long enough counts even if the core was away."""
    room.turn(held_screen())
    assert room.scene
    box = next(target.box for target in room.scene.targets if target.key == "help")
    room.kiosk.finger_down(0, box.x + 5, box.y + 5)
    assert done(room) == [TouchHelp()]
    room.now += held_s
    room.kiosk.finger_up(0, box.x + 5, box.y + 5)
    assert done(room) == [TouchHelp(), said]


@pytest.mark.requirement("K3")
def test_a_hold_is_not_lost_when_the_page_changes_under_the_finger(room: Room) -> None:
    """The page of the hold itself is another page."""
    room.turn(held_screen())
    assert room.scene
    box = next(target.box for target in room.scene.targets if target.key == "help")
    room.kiosk.finger_down(0, box.x + 5, box.y + 5)
    room.turn(replace(held_screen(), page=notice_page("fi"), revision=2), after_s=2.5)
    room.kiosk.finger_up(0, box.x + 5, box.y + 5)
    assert done(room)[-1] == PressHelp()


def test_a_remote_touch_need_not_hold(room: Room) -> None:
    """A click of the desk is meant."""
    room.turn(held_screen())
    room.news.touches.append(Touch(0.9, 0.9))
    room.turn()
    assert done(room)[-1] == PressHelp()
