"""The current page. Help takes the whole screen, and nothing replaces it."""

from msgspec.structs import replace

from device.contract.documents import View
from device.rules import slide_show
from device.rules.effects import Effect
from device.rules.events import DocumentArrived, Event, Intended, PageTurned, Ticked
from device.rules.now import Now
from device.rules.state import Navigation, PageName, State
from device.window_protocol.intents import OpenLetter, OpenPage, OpenPerson, PlaceCall


def step(state: State, event: Event, now: Now) -> tuple[State, tuple[Effect, ...]]:
    """Open pages and return from them."""
    match event:
        case Intended(intent=OpenPerson(contact_id=contact_id) | PlaceCall(contact_id=contact_id)):
            return at(state, now, "person", contact_id), ()
        case Intended(intent=OpenLetter(letter=letter)):
            return at(state, now, "people", letter=letter), ()
        case Intended(intent=OpenPage(page=page)):
            return at(state, now, page), ()
        case Intended() | PageTurned():
            return replace(state, navigation=replace(state.navigation, touched_s=now.monotonic_s)), ()
        case Ticked() if _comes_home(state) and now.monotonic_s - state.navigation.touched_s >= _home_after_s(
            state
        ):
            return at(state, now, "home"), ()
        case DocumentArrived(name="view") if state.navigation.page == "home":
            # A new view is seen at once, also where pictures are shown.
            return at(state, now, "home"), ()
    return state, ()


def seconds_to_check(state: State, now: Now) -> float | None:
    """Return when an idle page returns, or the home page gives way to pictures."""
    if not _comes_home(state):
        return slide_show.seconds_to_check(state, now)
    return max(0.0, state.navigation.touched_s + _home_after_s(state) - now.monotonic_s)


def at(state: State, now: Now, page: PageName, contact_id: str = "", *, letter: str = "") -> State:
    """Set the current page, from whose opening its time to return home counts."""
    opened = Navigation(page=page, contact_id=contact_id, letter=letter, touched_s=now.monotonic_s)
    return replace(state, navigation=opened)


def _comes_home(state: State) -> bool:
    """Return whether the page times out; open help stays, and its end is shown for a while."""
    if state.navigation.page == "help":
        return not state.requests.help_is_open
    return state.navigation.page != "home"


def _home_after_s(state: State) -> float:
    return (state.documents.view or View(version=1)).home_after_s
