"""Composes the Screen of a state at a moment: a pure function, the same for device, tests and desk."""

from msgspec import Struct
from msgspec.structs import replace

from device.contract.documents import Document
from device.rules.calls.admission import is_in_use
from device.rules.installer import may_enter
from device.rules.now import Now
from device.rules.state import State
from device.screen.agenda import today_page
from device.screen.cafe import cafe_page
from device.screen.call import call_page, over_page
from device.screen.help import help_button, help_page
from device.screen.home import home
from device.screen.installer import InstallersPage, installer_page
from device.screen.message import (
    album_button,
    album_page,
    message_page,
    messages_button,
    messages_page,
    slide_page,
)
from device.screen.mute import mute_page
from device.screen.people import PhotoOf, people_page, person_page
from device.screen.press import press_page
from device.screen.queue import queue_page
from device.screen.scene import Scene
from device.screen.table import table_over_page, table_page
from device.screen.urgent import urgent_page
from device.screen.visible import visible_parts
from device.screen.visits import visits_button, visits_page
from device.window_protocol.intents import OpenPage
from device.window_protocol.model import CallPage, HelpPage, Home, NoticePage, Page, Screen, TablePage

ALL: tuple[Document, ...] = ("view", "people", "calendar", "policy", "cafe", "queue", "messages")


class Composed(Struct, frozen=True, kw_only=True):
    """A Screen without its revision, and the documents that are visible in it (K1)."""

    screen: Screen
    reflects: tuple[Document, ...]


def compose(state: State, now: Now, photo_of: PhotoOf) -> Composed:
    """Return the Screen. ``photo_of`` gives the path of a verified photo, or None."""
    state = visible_parts(state)
    scene = Scene.of(state, now)
    page, reflects = _page(scene, photo_of)
    is_installers = state.place.page == "installer" and isinstance(page, InstallersPage)
    alarm = _alarm(scene, page)
    if alarm and isinstance(page, Home):
        page = replace(page, news=None)
    words = scene.words
    screen = Screen(
        revision=0,
        style=replace(scene.style(), profile="installer") if is_installers else scene.style(),
        page=page,
        help=help_button(scene) if is_in_use(state) else None,
        notice="" if is_installers else _notice(scene, page),
        notice_intent=OpenPage("installer") if may_enter(state) and isinstance(page, Home) else None,
        watched=words("{name} is looking at this screen", name=state.remote_view.by)
        if state.remote_view
        else "",
        alarm=alarm,
        clock=words.time(scene.local) if now.trusted else "",
        lost_words=words("One moment, please"),
        home_after_s=scene.view.home_after_s,
    )
    return Composed(screen=screen, reflects=reflects)


def _page(scene: Scene, photo_of: PhotoOf) -> tuple[Page, tuple[Document, ...]]:
    """Return the page, and the visible documents: a page that covers the home page shows no view."""
    if not is_in_use(scene.state):
        asked = _asked(scene)
        return (asked, ("policy",)) if asked else (_out_of_use(scene), ALL)
    is_pressing = scene.state.press.stage in ("holding", "counting")
    # A cancelled press does not hide a call; a help request has ended it.
    if (is_pressing or not scene.state.call) and (pressed := press_page(scene)):
        return pressed, ("policy",)
    if scene.state.call:
        return call_page(scene, scene.state.call, photo_of), ("people", "policy")
    if shown := table_page(scene, photo_of) or over_page(scene, photo_of):
        return shown, ("people", "policy")
    if scene.state.place.page == "help" and (request := help_page(scene)):
        return request, ("policy",)
    if table_over := table_over_page(scene):
        return table_over, ("people", "policy")
    return _first(scene, photo_of) or _opened(scene, photo_of)


def _first(scene: Scene, photo_of: PhotoOf) -> tuple[Page, tuple[Document, ...]] | None:
    """Return the page with priority over others: no view yet, or a message to answer."""
    if scene.state.documents.view is None:
        return _waiting(scene), ()
    if message := message_page(scene, photo_of):
        return message, ("messages", "policy")
    return None


def _opened(scene: Scene, photo_of: PhotoOf) -> tuple[Page, tuple[Document, ...]]:
    match scene.state.place.page:
        case "installer" if page := installer_page(scene):
            return page, ("policy",)
        case "person" if page := person_page(scene, photo_of):
            return page, ("people", "policy")
        case "cafe" if scene.state.documents.calendar and scene.view.elements.cafe:
            return cafe_page(scene), ("calendar", "policy", "cafe")
        case "queue" if scene.view.elements.queue and scene.state.documents.queue:
            return queue_page(scene), ("queue", "policy")
    return _listed(scene, photo_of) or _at_home(scene, photo_of)


def _at_home(scene: Scene, photo_of: PhotoOf) -> tuple[Page, tuple[Document, ...]]:
    page = home(scene, photo_of)
    is_in_line = page.queue is not None and page.queue.on
    if not is_in_line and (slide := slide_page(scene, photo_of)):
        return slide, ("messages", "policy")
    return page, ALL


def _listed(scene: Scene, photo_of: PhotoOf) -> tuple[Page, tuple[Document, ...]] | None:
    """Return a page that the home page leads to; None where there is none now."""
    match scene.state.place.page:
        case "urgent" if asked := urgent_page(scene):
            return asked, ("policy",)
        case "today" if days := today_page(scene):
            return replace(days, messages=messages_button(scene)), ("calendar", "policy", "cafe")
        case "people" if everybody := people_page(scene, photo_of, visits_button(scene)):
            return replace(everybody, album=album_button(scene)), ("people", "policy")
        case "mute" if silence := mute_page(scene):
            return silence, ("policy",)
        case "visits":
            return visits_page(scene), ("people", "policy")
    return _sent(scene, photo_of)


def _sent(scene: Scene, photo_of: PhotoOf) -> tuple[Page, tuple[Document, ...]] | None:
    """Return today's messages, and relatives' pictures."""
    match scene.state.place.page:
        case "messages":
            return messages_page(scene, photo_of), ("messages", "policy")
        case "album":
            return album_page(scene, photo_of), ("messages", "policy")
    return None


def _asked(scene: Scene) -> Page | None:
    """Return the help page, even on a device that is not in use (K3)."""
    if pressed := press_page(scene):
        return pressed
    request = scene.state.requests.help
    is_shown = request is not None and (request.open or scene.state.place.page == "help")
    return help_page(scene) if is_shown else None


def _out_of_use(scene: Scene) -> NoticePage:
    return NoticePage(
        headline=scene.words("This device is not in use"),
        words=scene.words("It does not ring. The help button calls for help all the same."),
        icon="home",
    )


def _waiting(scene: Scene) -> NoticePage:
    return NoticePage(
        headline=scene.words("One moment, please"),
        words=scene.words("The screen is being prepared for you."),
        icon="clock",
    )


def _notice(scene: Scene, page: Page) -> str:
    """Return the notice of a lost link, once for the whole screen (K4).

    A help page has its own text about it; a call continues without the desk.
    """
    if isinstance(page, CallPage | TablePage):
        return ""
    help_ = scene.state.requests.help
    is_without_link = help_ is not None and not help_.at_desk and help_.taken_at is not None
    says_so = isinstance(page, HelpPage) and (page.state == "sending" or is_without_link)
    if scene.connected or says_so or not is_in_use(scene.state):
        return ""
    words, at = scene.words, scene.known_at
    if at is None:
        return words("No connection yet.")
    if at.date() == scene.today:
        return words("No connection. What you see is from {time}.", time=words.time(at))
    return words("No connection. What you see is as it was {day_and_time}.", day_and_time=scene.on_day_at(at))


def _alarm(scene: Scene, page: Page) -> str:
    """Return the alarm's state for the home page: in test, or not ready; a missed call replaces it (K10)."""
    policy = scene.state.documents.policy
    if policy is None or not isinstance(page, Home) or scene.state.remote_view or not scene.connected:
        return ""
    match policy.alarm.state:
        case "test":
            return scene.words("The alarm is being tested: please press Help.")
        case "not-ready" if not scene.state.calls.missed:
            return scene.words("You can press Help, but not all is ready yet.")
    return ""
