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
from device.screen.page_context import PageContext
from device.screen.people import PhotoOf, letters_page, people_page, person_page
from device.screen.press import press_page
from device.screen.queue import queue_page
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
    context = PageContext.of(state, now)
    page, reflects = _plain_page(context) if state.window.is_plain else _page(context, photo_of)
    is_installers = state.navigation.page == "installer" and isinstance(page, InstallersPage)
    alarm = _alarm(context, page)
    if alarm and isinstance(page, Home):
        page = replace(page, news=None)
    words = context.words
    screen = Screen(
        revision=0,
        style=replace(context.style(), profile="installer") if is_installers else context.style(),
        page=page,
        help=help_button(context) if is_in_use(state) else None,
        notice="" if is_installers else _notice(context, page),
        notice_intent=OpenPage("installer") if may_enter(state) and isinstance(page, Home) else None,
        watched=words("{name} is looking at this screen", name=state.remote_view.by)
        if state.remote_view
        else "",
        alarm=alarm,
        clock=words.time(context.local) if now.trusted else "",
        lost_words=words("One moment, please"),
        more=words("Turn the page"),
        home_after_s=context.view.home_after_s,
    )
    return Composed(screen=screen, reflects=reflects)


def _plain_page(context: PageContext) -> tuple[Page, tuple[Document, ...]]:
    """Return the page without photos and moving pictures: any driver can draw it."""
    page, reflects = _page(context, lambda _: None)
    match page:
        case CallPage():
            page = replace(page, frames="")
        case TablePage():
            page = replace(page, frames="", own_frames="")
    return page, reflects


def _page(context: PageContext, photo_of: PhotoOf) -> tuple[Page, tuple[Document, ...]]:
    """Return the page, and the visible documents: a page that covers the home page shows no view."""
    if not is_in_use(context.state):
        asked = _asked(context)
        return (asked, ("policy",)) if asked else (_out_of_use(context), ALL)
    is_pressing = context.state.press.stage in ("holding", "counting")
    # A cancelled press does not hide a call; a help request has ended it.
    if (is_pressing or not context.state.call) and (pressed := press_page(context)):
        return pressed, ("policy",)
    if context.state.call:
        return call_page(context, context.state.call, photo_of), ("people", "policy")
    if shown := table_page(context, photo_of) or over_page(context, photo_of):
        return shown, ("people", "policy")
    if context.state.navigation.page == "help" and (request := help_page(context)):
        return request, ("policy",)
    if table_over := table_over_page(context):
        return table_over, ("people", "policy")
    return _first(context, photo_of) or _opened(context, photo_of)


def _first(context: PageContext, photo_of: PhotoOf) -> tuple[Page, tuple[Document, ...]] | None:
    """Return the page with priority over others: no view yet, or a message to answer."""
    if context.state.documents.view is None:
        return _waiting(context), ()
    if message := message_page(context, photo_of):
        return message, ("messages", "policy")
    return None


def _opened(context: PageContext, photo_of: PhotoOf) -> tuple[Page, tuple[Document, ...]]:
    match context.state.navigation.page:
        case "installer" if page := installer_page(context):
            return page, ("policy",)
        case "person" if page := person_page(context, photo_of):
            return page, ("people", "policy")
        case "cafe" if context.state.documents.calendar and context.view.elements.cafe:
            return cafe_page(context), ("calendar", "policy", "cafe")
        case "queue" if context.view.elements.queue and context.state.documents.queue:
            return queue_page(context), ("queue", "policy")
    return _listed(context, photo_of) or _at_home(context, photo_of)


def _at_home(context: PageContext, photo_of: PhotoOf) -> tuple[Page, tuple[Document, ...]]:
    page = home(context, photo_of)
    is_in_line = page.queue is not None and page.queue.on
    if not is_in_line and (slide := slide_page(context, photo_of)):
        return slide, ("messages", "policy")
    return page, ALL


def _listed(context: PageContext, photo_of: PhotoOf) -> tuple[Page, tuple[Document, ...]] | None:
    """Return a page that the home page leads to; None where there is none now."""
    match context.state.navigation.page:
        case "urgent" if asked := urgent_page(context):
            return asked, ("policy",)
        case "today" if days := today_page(context):
            return replace(days, messages=messages_button(context)), ("calendar", "policy", "cafe")
        case "people" if everybody := people_page(context, photo_of, visits_button(context)):
            album = None if context.state.navigation.letter else album_button(context)
            return replace(everybody, album=album), ("people", "policy")
        case "letters" if letters := letters_page(context):
            return letters, ("people", "policy")
        case "mute" if silence := mute_page(context):
            return silence, ("policy",)
        case "visits":
            return visits_page(context), ("people", "policy")
    return _sent(context, photo_of)


def _sent(context: PageContext, photo_of: PhotoOf) -> tuple[Page, tuple[Document, ...]] | None:
    """Return today's messages, and relatives' pictures."""
    match context.state.navigation.page:
        case "messages":
            return messages_page(context, photo_of), ("messages", "policy")
        case "album":
            return album_page(context, photo_of), ("messages", "policy")
    return None


def _asked(context: PageContext) -> Page | None:
    """Return the help page, even on a device that is not in use (K3)."""
    if pressed := press_page(context):
        return pressed
    request = context.state.requests.help
    is_shown = request is not None and (request.open or context.state.navigation.page == "help")
    return help_page(context) if is_shown else None


def _out_of_use(context: PageContext) -> NoticePage:
    return NoticePage(
        headline=context.words("This device is not in use"),
        words=context.words("It does not ring. The help button calls for help all the same."),
        icon="home",
    )


def _waiting(context: PageContext) -> NoticePage:
    return NoticePage(
        headline=context.words("One moment, please"),
        words=context.words("The screen is being prepared for you."),
        icon="clock",
    )


def _notice(context: PageContext, page: Page) -> str:
    """Return the notice of a lost link, once for the whole screen (K4).

    A help page has its own text about it; a call continues without the desk.
    """
    if isinstance(page, CallPage | TablePage):
        return ""
    help_ = context.state.requests.help
    is_without_link = help_ is not None and not help_.at_desk and help_.taken_at is not None
    says_so = isinstance(page, HelpPage) and (page.state == "sending" or is_without_link)
    if context.connected or says_so or not is_in_use(context.state):
        return ""
    words, at = context.words, context.known_at
    if at is None:
        return words("No connection yet.")
    if at.date() == context.today:
        return words("No connection. What you see is from {time}.", time=words.time(at))
    return words(
        "No connection. What you see is as it was {day_and_time}.", day_and_time=context.on_day_at(at)
    )


def _alarm(context: PageContext, page: Page) -> str:
    """Return the alarm's state for the home page: in test, or not ready; a missed call replaces it (K10)."""
    policy = context.state.documents.policy
    if policy is None or not isinstance(page, Home) or context.state.remote_view or not context.connected:
        return ""
    match policy.alarm.state:
        case "test":
            return context.words("The alarm is being tested: please press Help.")
        case "not-ready" if not context.state.calls.missed:
            return context.words("You can press Help, but not all is ready yet.")
    return ""
