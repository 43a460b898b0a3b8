"""The Screen: everything the resident sees, as data, with every text already in their language.

``kiosk_ui`` draws it and adds no text, rule or time of its own, so that tests, the desk's preview and the
window can never differ.
"""

from typing import Literal

from msgspec import Struct

from device.window_protocol.intents import Intent

Icon = Literal[
    "help",
    "urgent",
    "mute",
    "sound",
    "home",
    "cafe",
    "calendar",
    "person",
    "clock",
    "no-link",
    "eye",
    "cancel",
    "call",
    "hang-up",
    "visits",
    "people",
    "letters",
    "message",
    "photo",
    "heart",
    "pill",
    "check",
    "undo",
    "write",
    "read-aloud",
    "softer",
    "louder",
    "chat",
    "camera",
    "face-good",
    "face-fair",
    "face-bad",
    "wifi",
]
Layout = Literal["letters", "capitals", "figures"]
HelpState = Literal["idle", "pressed", "sending", "received", "coming", "here", "over"]


class Style(Struct, frozen=True, kw_only=True):
    """Appearance of the whole screen."""

    language: str = "fi"
    palette: Literal["day", "night"] = "day"
    high_contrast: bool = False
    text_scale: float = 1.0
    profile: Literal["full", "simple", "installer"] = "full"


class Button(Struct, frozen=True, kw_only=True):
    """A button, always with an icon and a label."""

    words: str
    icon: Icon
    intent: Intent
    detail: str = ""
    on: bool = False


class HelpButton(Struct, frozen=True, kw_only=True):
    """The help button, at the same position on every page. ``words`` show the state of an open request.

    Where ``hold_s`` is not 0 it must be held: the window sends ``TouchHelp`` when it is touched, and when
    released ``LetGoHelp``, or the ``intent`` if it was held for so long.
    """

    words: str
    intent: Intent
    state: HelpState = "idle"
    hold_s: float = 0.0


class Clock(Struct, frozen=True, kw_only=True):
    """The time in large digits; ``time`` is empty while it is unknown, and ``words`` say so (K4)."""

    time: str
    words: str = ""


class DayWords(Struct, frozen=True, kw_only=True):
    """The weekday with part of the day (``lauantai-iltapäivä``), the date below it, and an icon."""

    day: str
    date: str
    light: Literal["sun", "moon"] | None = None


class AgendaEntry(Struct, frozen=True, kw_only=True):
    """One appointment of one day. ``time`` are words where it lasts ``all_day``."""

    time: str
    all_day: bool = False
    title: str
    place: str = ""
    state: Literal["past", "now", "next", "later"] = "later"
    state_words: str = ""


class AgendaDay(Struct, frozen=True, kw_only=True):
    """Today or tomorrow. ``words`` are shown where the list is empty."""

    title: str
    entries: list[AgendaEntry] = []
    words: str = ""


class TodayTile(Struct, frozen=True, kw_only=True):
    """The current or next appointment: its time (``label``), title, and the number of others (``detail``).

    Without an ``intent`` it is not a button.
    """

    headline: str
    label: str = ""
    detail: str = ""
    intent: Intent | None = None


class CafeTile(Struct, frozen=True, kw_only=True):
    """The café and whether it is open (V25); the ``photo`` of an event is the path of a verified picture."""

    name: str
    words: str
    open: bool
    intent: Intent
    photo: str | None = None


class Face(Struct, frozen=True, kw_only=True):
    """One contact. ``photo`` is the path of a verified picture file; without it, ``initials`` are shown."""

    name: str
    initials: str
    presence: Literal["available", "busy", "away"]
    presence_words: str
    intent: Intent
    photo: str | None = None
    favourite: bool = False


class Relatives(Struct, frozen=True, kw_only=True):
    """The contacts who can be called, favourites first; ``all`` leads to the others.

    ``words`` are shown where there are none.
    """

    faces: list[Face] = []
    words: str = ""
    all: Button | None = None


class Home(Struct, frozen=True, kw_only=True, tag_field="kind", tag="home"):
    """The home page. Elements that the view hides are None (V1).

    The space of ``news`` is reserved. ``more`` is the arrow of a page that is divided, ``words`` are shown
    where the view shows nothing.
    """

    clock: Clock | None = None
    date: DayWords | None = None
    today: TodayTile | None = None
    cafe: CafeTile | None = None
    relatives: Relatives | None = None
    mute: Button | None = None
    urgent_call: Button | None = None
    queue: Button | None = None
    news: Button | None = None
    more: str = ""
    words: str = ""


class TodayPage(Struct, frozen=True, kw_only=True, tag_field="kind", tag="today"):
    """Today and the days after it, each with its own title; ``fewer`` and ``more`` scroll."""

    days: list[AgendaDay]
    today: str
    tomorrow: str
    fewer: str
    more: str
    back: Button
    messages: Button | None = None


class PeoplePage(Struct, frozen=True, kw_only=True, tag_field="kind", tag="people"):
    """All contacts, or those of one letter.

    ``letters`` leads to the letters where there are many, ``visits`` to past forced calls, ``album`` to
    relatives' pictures.
    """

    title: str
    faces: list[Face]
    more: str
    fewer: str
    back: Button
    letters: Button | None = None
    visits: Button | None = None
    album: Button | None = None


class LettersPage(Struct, frozen=True, kw_only=True, tag_field="kind", tag="letters"):
    """The first letters of the contacts: one leads to those whose name begins with it."""

    title: str
    letters: list[Button]
    more: str
    fewer: str
    back: Button


class Step(Struct, frozen=True, kw_only=True):
    """One step from a press to the helper's arrival; ``time`` is when it was done, if known."""

    words: str
    state: Literal["done", "now", "ahead"]
    time: str = ""


class HelpPage(Struct, frozen=True, kw_only=True, tag_field="kind", tag="help"):
    """The state of a help request: never more than is known (K3).

    While a press is not a request yet, ``done`` is its progress, 0 to 1, as a bar, and ``cancel`` cancels it.
    """

    headline: str
    words: str
    state: HelpState
    steps: list[Step]
    back: Button | None = None
    done: float | None = None
    cancel: Button | None = None


class PersonPage(Struct, frozen=True, kw_only=True, tag_field="kind", tag="person"):
    """One contact, large; ``other`` calls somebody else, where this one was not reached."""

    face: Face
    lines: list[str]
    back: Button
    call: Button | None = None
    other: Button | None = None


class CafePage(Struct, frozen=True, kw_only=True, tag_field="kind", tag="cafe"):
    """The café's hours of the coming days, one line each."""

    title: str
    words: str
    open: bool
    lines: list[str]
    back: Button


class NoticePage(Struct, frozen=True, kw_only=True, tag_field="kind", tag="notice"):
    """A page of text only: before the first view, or on a device that is not in use (V9)."""

    headline: str
    words: str
    icon: Icon


class Loudness(Struct, frozen=True, kw_only=True):
    """How loud the other end is heard: ``step`` of ``most``. At either end one of the buttons is missing."""

    step: int
    most: int
    softer: Button | None
    louder: Button | None


class CallPage(Struct, frozen=True, kw_only=True, tag_field="kind", tag="call"):
    """A call: rings in or out, counts down before a forced call, or is connected.

    ``frames`` is the path of the pictures in shared memory (``window_protocol.frames``), empty while there
    are none: then the face is shown. ``forced`` shows a border around everything, all the time (K5).
    """

    state: Literal["ringing", "calling", "countdown", "connected"]
    face: Face
    headline: str
    lines: list[str] = []
    countdown: str = ""
    frames: str = ""
    notice: str = ""
    forced: bool = False
    buttons: list[Button]
    loudness: Loudness | None = None


class Keyboard(Struct, frozen=True, kw_only=True):
    """The on-screen keyboard, and the ``text`` so far. Where keys would be too small they are grouped.

    ``group`` are the letters of the touched group: a second touch selects one of them.
    """

    text: str
    layout: Layout = "letters"
    group: str = ""
    space: str
    erase: str
    done: str


class TablePage(Struct, frozen=True, kw_only=True, tag_field="kind", tag="table"):
    """A table of the café or a meeting: the question, an invitation, the table itself, or its end.

    ``frames`` is the path of the pictures in shared memory, empty while there are none: then the face of
    ``speaker`` is shown. ``faces`` are the others; ``more`` counts those that have no room, at ``{count}``.
    ``own_frames`` are the resident's own pictures, which stand at the same place with ``own_words``.
    ``leave`` is always at the same position. ``photo`` is the path of an event's verified picture.
    """

    state: Literal["asking", "invited", "seated", "over"]
    title: str
    lines: list[str]
    faces: list[Face]
    buttons: list[Button]
    leave: Button
    photo: str | None = None
    frames: str = ""
    own_frames: str = ""
    own_words: str = ""
    speaker: Face | None = None
    notice: str = ""
    more: str = ""


class Visit(Struct, frozen=True, kw_only=True):
    """One forced call: when, who, why, and its outcome."""

    when: str
    who: str
    why: str
    outcome: str


class VisitsPage(Struct, frozen=True, kw_only=True, tag_field="kind", tag="visits"):
    """Past forced calls (K5), the newest first. ``words`` are shown where there are none.

    ``more`` and ``fewer`` are the arrows of a list that is longer than the page.
    """

    title: str
    visits: list[Visit]
    words: str = ""
    more: str = ""
    fewer: str = ""
    back: Button


class ChoicePage(Struct, frozen=True, kw_only=True, tag_field="kind", tag="choices"):
    """A few choices; ``more`` and ``fewer`` are the arrows of a longer list."""

    title: str
    words: str
    choices: list[Button] = []
    more: str = ""
    fewer: str = ""
    back: Button


class LinePage(Struct, frozen=True, kw_only=True, tag_field="kind", tag="line"):
    """The state of a visit, in large text, and its buttons."""

    headline: str
    words: str
    lines: list[str] = []
    acts: list[Button] = []
    back: Button | None = None


class MessageEntry(Struct, frozen=True, kw_only=True):
    """One message; ``photo`` is the path of a verified picture file, empty while it is missing."""

    headline: str
    words: str = ""
    line: str = ""
    photo: str | None = None


class MessagePage(Struct, frozen=True, kw_only=True, tag_field="kind", tag="message"):
    """Messages, one at a time; ``words`` are shown where there are none, ``acts`` answer the only one."""

    entries: list[MessageEntry]
    words: str = ""
    acts: list[Button] = []
    fewer: str
    more: str
    back: Button


class Bubble(Struct, frozen=True, kw_only=True):
    """One message; ``name`` is its author and time."""

    name: str
    text: str
    is_own: bool


class ChatPage(Struct, frozen=True, kw_only=True, tag_field="kind", tag="chat"):
    """A conversation: own bubbles left, the other's right. ``words`` are shown while it is empty."""

    title: str
    bubbles: list[Bubble] = []
    words: str = ""
    replies: list[Button] = []
    write: Button
    video: Button
    leave: Button
    keyboard: Keyboard | None = None
    more: str = ""
    fewer: str = ""


class SlidePage(Struct, frozen=True, kw_only=True, tag_field="kind", tag="slide"):
    """A picture and its sender while nobody touches the screen. Touching the picture is touching ``back``."""

    photo: str
    words: str
    back: Button


class TypingPage(Struct, frozen=True, kw_only=True, tag_field="kind", tag="typing"):
    """Text entry. ``words`` describe what to type, or the last error."""

    title: str
    words: str
    keyboard: Keyboard
    back: Button


class PicturePage(Struct, frozen=True, kw_only=True, tag_field="kind", tag="picture"):
    """The camera's picture, from ``frames`` in shared memory; empty while there is none."""

    title: str
    words: str
    frames: str = ""
    acts: list[Button] = []
    back: Button


class MeasurePage(Struct, frozen=True, kw_only=True, tag_field="kind", tag="measure"):
    """A frame of a bank card's width at the assumed panel width; multiplied by ``scale``.

    ``too_small`` replaces the title where a panel of that size has no room for the pages.
    """

    title: str
    words: str
    too_small: str
    scale: float
    acts: list[Button]
    back: Button


SetUpPage = TypingPage | PicturePage | MeasurePage
QueuePage = ChoicePage | LinePage | ChatPage
Page = (
    Home
    | TodayPage
    | PeoplePage
    | LettersPage
    | HelpPage
    | PersonPage
    | CafePage
    | NoticePage
    | CallPage
    | TablePage
    | VisitsPage
    | MessagePage
    | SlidePage
    | QueuePage
    | SetUpPage
)


class Screen(Struct, frozen=True, kw_only=True):
    """One state of the resident's screen.

    ``revision`` increases with every Screen sent; the window answers it with ``Painted``. ``notice`` is a
    strip for a lost link; a touch on it sends ``notice_intent``, although it does not look like a button.
    ``watched`` is a strip for a remote view, ``alarm`` one for an alarm in test or not ready.
    ``clock`` is the time for pages without a clock of their own, empty while it is unknown. ``lost_words``
    replace everything that could be out of date once the core stops responding. ``more`` is the arrow of a
    page that large letters have divided. A page that was turned returns to its first part after
    ``home_after_s``.
    """

    revision: int
    style: Style
    page: Page
    help: HelpButton | None
    notice: str = ""
    notice_intent: Intent | None = None
    watched: str = ""
    alarm: str = ""
    clock: str = ""
    lost_words: str = ""
    more: str = ""
    home_after_s: float = 90.0
