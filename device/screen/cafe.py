"""The café: open, or when it opens, in the resident's time zone (V25)."""

from datetime import timedelta

from device.contract.cafe import CAFE
from device.rules.cafe import Opening, current_or_next, openings
from device.screen.opening_hours import opens_words
from device.screen.scene import Scene
from device.screen.table import invitation_tile, who_is_there
from device.window_protocol.intents import AskTable, OpenPage
from device.window_protocol.model import Button, CafePage, CafeTile

_DAYS_SHOWN = 7


def cafe_tile(scene: Scene) -> CafeTile | None:
    """Return name and hours; without a trusted clock it does not guess."""
    if invited := invitation_tile(scene):
        return invited
    if not scene.view.elements.cafe:
        return None
    words, is_open = _hours(scene)
    table = scene.state.documents.cafe
    if not is_open or table is None or not scene.connected:
        return CafeTile(name=_name(scene), words=words, open=is_open, intent=OpenPage("cafe"))
    if not table.reachable:
        unreachable = scene.words("Cannot be reached just now")
        return CafeTile(name=_name(scene), words=unreachable, open=False, intent=OpenPage("cafe"))
    # No names: the tile is small, and the page lists them.
    here = scene.words("{count} people are here", count=str(len(table.guests)))
    if len(table.guests) < 2:
        here = who_is_there(scene, table.guests) if table.guests else scene.words("Open")
    return CafeTile(name=_name(scene), words=here, open=True, intent=AskTable(CAFE))


def cafe_page(scene: Scene) -> CafePage:
    """Return the hours of the coming week."""
    words, is_open = _hours(scene)
    table = scene.state.documents.cafe
    if is_open and table and not table.reachable:
        words = scene.words("The café cannot be reached just now.")
    calendar = scene.state.documents.calendar
    coming = openings(calendar.cafe, scene.today, _DAYS_SHOWN, scene.zone) if calendar else ()
    return CafePage(
        title=_name(scene),
        words=words,
        open=is_open,
        lines=[_line(scene, opening) for opening in coming] if scene.now.trusted else [],
        back=Button(words=scene.words("Back"), icon="home", intent=OpenPage("home")),
    )


def _name(scene: Scene) -> str:
    calendar = scene.state.documents.calendar
    return (calendar.cafe.name if calendar else "") or scene.words("Café")


def _hours(scene: Scene) -> tuple[str, bool]:
    words, calendar = scene.words, scene.state.documents.calendar
    if calendar is None or not scene.now.trusted:
        return words("Hours not known"), False
    opening = current_or_next(calendar.cafe, scene.now.wall, scene.zone)
    if opening is None:
        return words("Closed this week"), False
    if opening.opens <= scene.now.wall:
        return words("Open until {time}", time=words.time(opening.closes)), True
    return opens_words(scene, opening), False


def _line(scene: Scene, opening: Opening) -> str:
    words, day = scene.words, opening.opens.date()
    names = {scene.today: words("Today"), scene.today + timedelta(days=1): words("Tomorrow")}
    name = names.get(day) or words.weekday(day).capitalize()
    if opening.opens.minute == opening.closes.minute == 0:
        return f"{name} {opening.opens.hour}\u2013{opening.closes.hour}"
    return f"{name} {words.time(opening.opens)}\u2013{words.time(opening.closes)}"
