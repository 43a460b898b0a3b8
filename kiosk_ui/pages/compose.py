"""Converts a Screen to a Scene."""

from typing import assert_never

from msgspec import Struct

from device.window_protocol.model import (
    CafePage,
    CallPage,
    ChatPage,
    ChoicePage,
    HelpPage,
    Home,
    LettersPage,
    LinePage,
    MeasurePage,
    MessagePage,
    NoticePage,
    Page,
    PeoplePage,
    PersonPage,
    PicturePage,
    Screen,
    SlidePage,
    TablePage,
    TodayPage,
    TypingPage,
    VisitsPage,
)
from kiosk_ui.boxes import Box
from kiosk_ui.canvas import Canvas
from kiosk_ui.pages.cafe import draw_cafe
from kiosk_ui.pages.call import draw_call
from kiosk_ui.pages.frame import NOTICE_STRIP, Frame, bar_height, draw_frame, help_width
from kiosk_ui.pages.help import draw_help_page
from kiosk_ui.pages.home import draw_home
from kiosk_ui.pages.message import draw_message_page
from kiosk_ui.pages.notice import draw_lost, draw_notice
from kiosk_ui.pages.people import draw_letters, draw_people_page
from kiosk_ui.pages.person import draw_person
from kiosk_ui.pages.queue import draw_queue_page
from kiosk_ui.pages.setup import draw_setup_page
from kiosk_ui.pages.slide import draw_slide
from kiosk_ui.pages.table import draw_table
from kiosk_ui.pages.today import draw_today_page
from kiosk_ui.pages.visits import draw_visits
from kiosk_ui.panel import Panel
from kiosk_ui.parts.action import draw_action, help_spec
from kiosk_ui.scene import Scene
from kiosk_ui.theme import MARGIN_MM, theme_for


class Interaction(Struct, frozen=True):
    """The window's own state: the scroll position, and the pressed target."""

    turned: int = 0
    pressed: str | None = None


UNTOUCHED = Interaction()


def compose(screen: Screen, panel: Panel, interaction: Interaction = UNTOUCHED) -> Scene:
    """Lay a Screen out for a panel. Pure."""
    theme = theme_for(panel, screen.style)
    canvas = Canvas(theme, interaction.pressed)
    _draw_page(canvas, screen.page, draw_frame(canvas, screen), interaction)
    if screen.notice_intent:
        canvas.reacts("notice", NOTICE_STRIP, screen.notice_intent)
    return canvas.scene(theme.palette.room.ground)


def compose_lost(screen: Screen, panel: Panel, interaction: Interaction = UNTOUCHED) -> Scene:
    """Lay out only what cannot be out of date: the text for this case, and help."""
    theme = theme_for(panel, screen.style)
    canvas = Canvas(theme, interaction.pressed)
    whole = Box(0, 0, panel.width_px, panel.height_px).inset(theme.mm(MARGIN_MM))
    bar, content = whole.foot(bar_height(theme), theme.gap)
    if screen.help and screen.help.state == "idle":
        draw_action(canvas, "help", bar.end(help_width(theme))[0], help_spec(theme.palette, screen.help))
    draw_lost(canvas, screen.lost_words, content)
    return canvas.scene(theme.palette.room.ground)


def _draw_page(canvas: Canvas, page: Page, frame: Frame, interaction: Interaction) -> None:
    match page:
        case Home() | TodayPage() | PeoplePage() | LettersPage() | VisitsPage() | MessagePage():
            _draw_list(canvas, page, frame, interaction.turned)
        case HelpPage():
            draw_help_page(canvas, page, frame, interaction.turned)
        case PersonPage() | CafePage():
            _draw_entry(canvas, page, frame, interaction.turned)
        case NoticePage() | SlidePage():
            _draw_still(canvas, page, frame)
        case CallPage() | TablePage():
            _draw_conversation(canvas, page, frame, interaction.turned)
        case ChoicePage() | LinePage() | ChatPage():
            draw_queue_page(canvas, page, frame, interaction.turned)
        case TypingPage() | PicturePage() | MeasurePage():
            draw_setup_page(canvas, page, frame)
        case _:
            assert_never(page)


def _draw_still(canvas: Canvas, page: NoticePage | SlidePage, frame: Frame) -> None:
    """Draw a page without another behind it."""
    match page:
        case NoticePage():
            draw_notice(canvas, page, frame.content)
        case SlidePage():
            draw_slide(canvas, page, frame)


def _draw_entry(canvas: Canvas, page: PersonPage | CafePage, frame: Frame, turned: int) -> None:
    """Draw a page of one thing, which large letters may divide."""
    match page:
        case PersonPage():
            draw_person(canvas, page, frame, turned)
        case CafePage():
            draw_cafe(canvas, page, frame, turned)


def _draw_conversation(canvas: Canvas, page: CallPage | TablePage, frame: Frame, turned: int) -> None:
    match page:
        case CallPage():
            draw_call(canvas, page, frame)
        case TablePage():
            draw_table(canvas, page, frame, turned)


def _draw_list(
    canvas: Canvas,
    page: Home | TodayPage | PeoplePage | LettersPage | VisitsPage | MessagePage,
    frame: Frame,
    turned: int,
) -> None:
    """Draw a page that scrolls."""
    match page:
        case MessagePage():
            draw_message_page(canvas, page, frame, turned)
        case Home():
            draw_home(canvas, page, frame, turned)
        case TodayPage():
            draw_today_page(canvas, page, frame, turned)
        case PeoplePage():
            draw_people_page(canvas, page, frame, turned)
        case LettersPage():
            draw_letters(canvas, page, frame, turned)
        case VisitsPage():
            draw_visits(canvas, page, frame, turned)
