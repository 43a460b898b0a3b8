"""The home page, with the view's visible elements (V1)."""

from msgspec.structs import replace

from device.rules.night import is_night
from device.screen.agenda import today_tile
from device.screen.cafe import cafe_tile
from device.screen.mute import mute_button
from device.screen.people import PhotoOf, relatives
from device.screen.queue import queue_button
from device.screen.scene import Scene
from device.screen.urgent import urgent_state
from device.screen.visits import news_button
from device.window_protocol.intents import OpenPage, RequestUrgentCall
from device.window_protocol.model import Button, Clock, DayWords, Home

SIMPLE_CHOICES = 2


def home(scene: Scene, photo_of: PhotoOf) -> Home:
    """Return every visible element; None for each hidden one."""
    page = _everything(scene, photo_of)
    return _simplified(page) if scene.view.profile == "simple" else page


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


def _everything(scene: Scene, photo_of: PhotoOf) -> Home:
    words = scene.words
    return Home(
        clock=_clock(scene),
        date=_date(scene),
        today=today_tile(scene),
        cafe=cafe_tile(scene),
        relatives=relatives(scene, photo_of),
        mute=mute_button(scene),
        urgent_call=_urgent_call(scene),
        news=news_button(scene),
        more=words("More"),
        words=words("If you need help, press Help."),
        queue=queue_button(scene),
    )


def _clock(scene: Scene) -> Clock | None:
    if not scene.view.elements.clock:
        return None
    if not scene.now.trusted:
        return Clock(time="", words=scene.words("Checking the clock"))
    return Clock(time=scene.words.time(scene.local))


def _date(scene: Scene) -> DayWords | None:
    if not scene.view.elements.date:
        return None
    if not scene.now.trusted:
        # Shown once, where there is a clock to show it.
        return DayWords(day="" if scene.view.elements.clock else scene.words("Checking the clock"), date="")
    return DayWords(
        day=scene.words.day_and_part(scene.local),
        date=scene.words.date(scene.today),
        light="moon" if is_night(scene.view, scene.now) else "sun",
    )


def _urgent_call(scene: Scene) -> Button | None:
    """Return the button that asks the staff on duty to call, with the request's state."""
    if not scene.view.elements.urgent_call:
        return None
    words, request = scene.words, scene.state.requests.urgent_call
    if request is None or not request.open:
        return Button(words=words("Ask for a call"), icon="urgent", intent=RequestUrgentCall())
    return Button(
        words=words("Ask for a call"),
        detail=urgent_state(scene, request),
        icon="urgent",
        intent=OpenPage("urgent"),
        on=True,
    )
