"""The home page, with the view's visible elements (V1)."""

from msgspec.structs import replace

from device.rules.night import is_night
from device.screen.agenda import today_tile
from device.screen.cafe import cafe_tile
from device.screen.mute import mute_button
from device.screen.page_context import PageContext
from device.screen.people import PhotoOf, relatives
from device.screen.queue import queue_button
from device.screen.urgent import urgent_state
from device.screen.visits import news_button
from device.window_protocol.intents import OpenPage, RequestUrgentCall
from device.window_protocol.model import Button, Clock, DayWords, Home

SIMPLE_CHOICES = 2


def home(context: PageContext, photo_of: PhotoOf) -> Home:
    """Return every visible element; None for each hidden one."""
    page = _everything(context, photo_of)
    return _simplified(page) if context.view.profile == "simple" else page


def _simplified(page: Home) -> Home:
    """Keep two buttons beside help and news, the most urgent ones; text elements stay."""
    left = SIMPLE_CHOICES - (page.urgent_call is not None)
    faces = page.relatives.faces[:left] if page.relatives else []
    left -= len(faces)
    queue = page.queue if page.queue and (page.queue.on or left > 0) else None
    left -= queue is not None
    cafe = page.cafe if left > 0 else None
    left -= cafe is not None
    return replace(
        page,
        relatives=replace(page.relatives, faces=faces, all=None) if page.relatives else None,
        queue=queue,
        cafe=cafe,
        mute=page.mute if left > 0 else None,
    )


def _everything(context: PageContext, photo_of: PhotoOf) -> Home:
    words = context.words
    return Home(
        clock=_clock(context),
        date=_date(context),
        today=today_tile(context),
        cafe=cafe_tile(context, photo_of),
        relatives=relatives(context, photo_of),
        mute=mute_button(context),
        urgent_call=_urgent_call(context),
        news=news_button(context),
        more=words("More"),
        words=words("If you need help, press Help."),
        queue=queue_button(context),
    )


def _clock(context: PageContext) -> Clock | None:
    if not context.view.elements.clock:
        return None
    if not context.now.trusted:
        return Clock(time="", words=context.words("Checking the clock"))
    return Clock(time=context.words.time(context.local))


def _date(context: PageContext) -> DayWords | None:
    if not context.view.elements.date:
        return None
    if not context.now.trusted:
        # Shown once, where there is a clock to show it.
        return DayWords(
            day="" if context.view.elements.clock else context.words("Checking the clock"), date=""
        )
    return DayWords(
        day=context.words.day_and_part(context.local),
        date=context.words.date(context.today),
        light="moon" if is_night(context.view, context.now) else "sun",
    )


def _urgent_call(context: PageContext) -> Button | None:
    """Return the button that asks the staff on duty to call, with the request's state."""
    if not context.view.elements.urgent_call:
        return None
    words, request = context.words, context.state.requests.urgent_call
    if request is None or not request.open:
        return Button(words=words("Ask for a call"), icon="urgent", intent=RequestUrgentCall())
    return Button(
        words=words("Ask for a call"),
        detail=urgent_state(context, request),
        icon="urgent",
        intent=OpenPage("urgent"),
        on=True,
    )
