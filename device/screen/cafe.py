"""The café: open, or when it opens, in the resident's time zone (V25)."""

from datetime import timedelta

from device.contract.cafe import CAFE
from device.rules.cafe import Opening, current_or_next, openings
from device.screen.opening_hours import opens_words
from device.screen.page_context import PageContext
from device.screen.people import PhotoOf
from device.screen.table import invitation_tile, who_is_there
from device.window_protocol.intents import AskTable, OpenPage
from device.window_protocol.model import Button, CafePage, CafeTile

_DAYS_SHOWN = 7


def cafe_tile(context: PageContext, photo_of: PhotoOf) -> CafeTile | None:
    """Return name and hours; without a trusted clock it does not guess."""
    if invited := invitation_tile(context, photo_of):
        return invited
    if not context.view.elements.cafe:
        return None
    words, is_open = _hours(context)
    table = context.state.documents.cafe
    if not is_open or table is None or not context.connected:
        return CafeTile(name=_name(context), words=words, open=is_open, intent=OpenPage("cafe"))
    if not table.reachable:
        unreachable = context.words("Cannot be reached just now")
        return CafeTile(name=_name(context), words=unreachable, open=False, intent=OpenPage("cafe"))
    # No names: the tile is small, and the page lists them.
    here = context.words("{count} people are here", count=str(len(table.guests)))
    if len(table.guests) < 2:
        here = who_is_there(context, table.guests) if table.guests else context.words("Open")
    return CafeTile(name=_name(context), words=here, open=True, intent=AskTable(CAFE))


def cafe_page(context: PageContext) -> CafePage:
    """Return the hours of the coming week."""
    words, is_open = _hours(context)
    table = context.state.documents.cafe
    if is_open and table and not table.reachable:
        words = context.words("The café cannot be reached just now.")
    calendar = context.state.documents.calendar
    coming = openings(calendar.cafe, context.today, _DAYS_SHOWN, context.zone) if calendar else ()
    return CafePage(
        title=_name(context),
        words=words,
        open=is_open,
        lines=[_line(context, opening) for opening in coming] if context.now.trusted else [],
        back=Button(words=context.words("Back"), icon="home", intent=OpenPage("home")),
    )


def _name(context: PageContext) -> str:
    calendar = context.state.documents.calendar
    return (calendar.cafe.name if calendar else "") or context.words("Café")


def _hours(context: PageContext) -> tuple[str, bool]:
    words, calendar = context.words, context.state.documents.calendar
    if calendar is None or not context.now.trusted:
        return words("Hours not known"), False
    opening = current_or_next(calendar.cafe, context.now.wall, context.zone)
    if opening is None:
        return words("Closed this week"), False
    if opening.opens <= context.now.wall:
        return words("Open until {time}", time=words.time(opening.closes)), True
    return opens_words(context, opening), False


def _line(context: PageContext, opening: Opening) -> str:
    words, day = context.words, opening.opens.date()
    names = {context.today: words("Today"), context.today + timedelta(days=1): words("Tomorrow")}
    name = names.get(day) or words.weekday(day).capitalize()
    if opening.opens.minute == opening.closes.minute == 0:
        return f"{name} {opening.opens.hour}\u2013{opening.closes.hour}"
    return f"{name} {words.time(opening.opens)}\u2013{words.time(opening.closes)}"
