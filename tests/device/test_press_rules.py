"""From a finger to a request: each place to press by its own policy."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.contract.documents import HelpPolicy, Policy
from device.contract.events import HelpRaised
from device.rules.begin import begin
from device.rules.events import (
    ButtonChanged,
    DocumentArrived,
    Event,
    Intended,
    PendantPressed,
    Ticked,
    WindowWent,
)
from device.rules.press import seconds_to_check
from device.rules.state import State
from device.window_protocol.intents import CancelHelp, LetGoHelp, PressHelp, TouchHelp
from device.window_protocol.model import HelpPage, Home
from tests.device.story import Story

pytestmark = pytest.mark.requirement("K3")
PRESSED, HELD, RELEASED = (
    ButtonChanged(name="help", action=action) for action in ("pressed", "held", "released")
)
PENDANT = PendantPressed(sender="FEF71234")
TOUCH, LET_GO, CANCEL, PRESS = (
    Intended(intent=intent) for intent in (TouchHelp(), LetGoHelp(), CancelHelp(), PressHelp())
)


def story_with(**policy: str) -> Story:
    """Aino's device with these ways to press."""
    story = Story.of_aino()
    help_ = HelpPolicy(**policy)  # type: ignore[arg-type]
    story.tell(DocumentArrived(name="policy", document=Policy(version=2, help=help_)))
    return story


def raised(story: Story) -> list[str]:
    """From where help was asked for."""
    return [record.what.source for record in story.recorded(HelpRaised)]  # type: ignore[union-attr]


def live(story: Story, seconds: float) -> None:
    """Time passes, and the rules are asked whenever they wanted to be."""
    end_s = story.monotonic_s + seconds
    while story.monotonic_s < end_s:
        wait_s = seconds_to_check(story.state, story.now)
        story.wait(min(max(wait_s, 0.01) if wait_s is not None else 1.0, end_s - story.monotonic_s))
        story.tell(Ticked())


def page(story: Story) -> HelpPage:
    found = story.screen().page
    assert isinstance(found, HelpPage)
    return found


@pytest.mark.parametrize(
    ("event", "source"), [(PRESSED, "button"), (PENDANT, "pendant"), (PRESS, "screen")], ids=str
)
def test_at_once_is_at_once(event: Event, source: str) -> None:
    """The first edge of a press is enough, wherever it is."""
    story = story_with()
    story.tell(event)
    assert raised(story) == [source]


@pytest.mark.parametrize(("touch", "source"), [(PRESSED, "button"), (TOUCH, "screen")], ids=str)
def test_a_hold_calls_after_two_seconds_and_the_bar_fills(touch: Event, source: str) -> None:
    """Not before, and the screen shows how far it is."""
    story = story_with(button="hold", screen="hold")
    story.tell(touch)
    bars: list[float] = []
    for _ in range(7):
        bars.append(page(story).done or 0.0)
        assert page(story).headline == "Pidä painettuna"
        live(story, 0.25)
    assert bars == sorted(bars)
    assert bars[-1] > 0.8
    assert raised(story) == []
    live(story, 0.3)
    assert raised(story) == [source]


def test_what_became_of_a_press_can_be_touched_away() -> None:
    """Nobody has to wait until it goes by itself."""
    story = story_with(screen="hold")
    story.tell(TOUCH)
    live(story, 1.0)
    story.tell(LET_GO)
    live(story, 0.5)
    back = page(story).back
    assert back
    story.tell(Intended(intent=back.intent))
    assert isinstance(story.screen().page, Home)


@pytest.mark.parametrize(("touch", "lift"), [(PRESSED, RELEASED), (TOUCH, LET_GO)], ids=str)
def test_a_press_that_was_too_short_is_shown_in_words(touch: Event, lift: Event) -> None:
    """Nobody was called, what to do about it, and then the page that was there before."""
    story = story_with(button="hold", screen="hold")
    story.tell(touch)
    live(story, 1.0)
    story.tell(lift)
    live(story, 0.5)
    assert page(story).headline == "Apua ei kutsuttu"
    assert page(story).words == "Pidä painiketta painettuna kaksi sekuntia."
    live(story, 28)
    assert page(story).headline == "Apua ei kutsuttu"
    live(story, 2)
    assert isinstance(story.screen().page, Home)
    assert raised(story) == []


@pytest.mark.parametrize(("touch", "lift"), [(PRESSED, RELEASED), (TOUCH, LET_GO)], ids=str)
def test_a_hand_that_trembles_still_holds(touch: Event, lift: Event) -> None:
    """A finger that bounces off for a moment has not let go."""
    story = story_with(button="hold", screen="hold")
    story.tell(touch)
    for _ in range(4):
        live(story, 0.4)
        story.tell(lift)
        live(story, 0.1)
        story.tell(touch)
    live(story, 0.1)
    assert len(raised(story)) == 1


def test_a_finished_hold_counts_whatever_the_core_has_counted() -> None:
    """The button's own timing, and the window's after the core was away."""
    for event in (HELD, PRESS):
        story = story_with(button="hold", screen="hold")
        story.tell(event)
        assert len(raised(story)) == 1


@pytest.mark.parametrize("press", [PRESSED, PENDANT, PRESS], ids=str)
def test_ten_seconds_to_cancel_count_down_in_words(press: Event) -> None:
    """Each second is announced; then help is requested, once."""
    story = story_with(button="cancellable", screen="cancellable", pendant="cancellable")
    story.tell(press)
    assert page(story).headline == "Apua kutsutaan 10 sekunnin kuluttua"
    live(story, 8.5)
    assert page(story).headline == "Apua kutsutaan 2 sekunnin kuluttua"
    assert page(story).cancel
    live(story, 1.0)
    assert page(story).headline == "Apua kutsutaan sekunnin kuluttua"
    assert raised(story) == []
    live(story, 0.6)
    assert len(raised(story)) == 1


def test_only_the_button_on_the_screen_cancels() -> None:
    """Wall button, pendant and help button pressed again and again change nothing; Cancel does."""
    story = story_with(button="cancellable", screen="cancellable", pendant="cancellable")
    story.tell(PRESSED, RELEASED, PRESSED, RELEASED, PENDANT, PRESS)
    live(story, 5)
    assert page(story).headline == "Apua kutsutaan 5 sekunnin kuluttua"
    cancel = page(story).cancel
    assert cancel
    story.tell(Intended(intent=cancel.intent))
    assert page(story).headline == "Apua ei kutsuttu"
    live(story, 30)
    assert raised(story) == []
    assert isinstance(story.screen().page, Home)


def test_a_cancel_that_comes_too_late_takes_nothing_back() -> None:
    """Help that was called is on its way."""
    story = story_with(screen="cancellable")
    story.tell(PRESS)
    live(story, 10.1)
    story.tell(CANCEL)
    assert len(raised(story)) == 1
    assert page(story).state == "sending"


def test_a_more_urgent_way_does_not_wait_for_the_other() -> None:
    """The pendant is at once, also while the screen counts down; and it stays one request."""
    story = story_with(screen="cancellable", pendant="at-once")
    story.tell(PRESS, PENDANT)
    live(story, 15)
    assert raised(story) == ["pendant"]


def test_two_buttons_at_once_are_one_request() -> None:
    """Wall, pendant and screen together, each held as its place wants."""
    story = story_with(button="hold", screen="hold")
    story.tell(PRESSED, TOUCH)
    live(story, 1.0)
    story.tell(PENDANT)
    live(story, 3.0)
    story.tell(HELD, PRESS, LET_GO, RELEASED)
    assert raised(story) == ["pendant"]
    assert page(story).state == "sending"


def test_a_power_cut_cancels_nothing() -> None:
    """Counted down when the power went: called at once after the restart. A hold is not finished."""
    story = story_with(screen="cancellable", button="hold")
    story.tell(PRESS)
    restarted = Story(begin(story.state))
    restarted.monotonic_s = 1.0
    restarted.tell(Ticked())
    assert raised(restarted) == ["screen"]
    story = story_with(button="hold")
    story.tell(PRESSED)
    restarted = Story(begin(story.state))
    live(restarted, 10)
    assert raised(restarted) == []


def test_a_window_that_dies_under_the_finger_calls_nobody() -> None:
    """The finger may be long gone."""
    story = story_with(screen="hold")
    story.tell(TOUCH, WindowWent())
    live(story, 5)
    assert raised(story) == []


def test_the_help_button_says_that_it_must_be_held() -> None:
    """So that the window reports when a finger comes and goes."""
    help_ = story_with(screen="hold").screen().help
    assert help_
    assert help_.hold_s == 2.0


EVENTS = st.lists(
    st.one_of(
        st.sampled_from([PRESSED, HELD, RELEASED, PENDANT, TOUCH, LET_GO, PRESS, CANCEL, WindowWent()]),
        st.floats(0.05, 4.0),
    ),
    max_size=25,
)
WAYS = st.fixed_dictionaries(
    {name: st.sampled_from(["at-once", "hold", "cancellable"]) for name in ("screen", "button", "pendant")}
)


@given(WAYS, EVENTS)
def test_whatever_is_pressed_it_is_one_request_at_most(ways: dict[str, str], events: list[object]) -> None:
    """And the screen never says that nobody was called while somebody was."""
    story = story_with(**ways)
    for event in events:
        if isinstance(event, float):
            live(story, event)
        else:
            story.tell(event)  # type: ignore[arg-type]
        assert len(raised(story)) <= 1
        if raised(story):
            assert story.state.press == State().press
