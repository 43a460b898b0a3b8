"""The Screen: everything the resident sees, as data, with every word already in their language.

``kiosk_ui`` draws it and adds no word, no rule and no time of its own, so that a test, the desk's
preview and the window on the wall can never differ in what they say.
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
    """How the whole screen looks."""

    language: str = "fi"
    palette: Literal["day", "night"] = "day"
    high_contrast: bool = False
    text_scale: float = 1.0
    profile: Literal["full", "simple", "installer"] = "full"


class Button(Struct, frozen=True, kw_only=True):
    """Something to touch: always a picture and a word."""

    words: str
    icon: Icon
    intent: Intent
    detail: str = ""
    on: bool = False


class HelpButton(Struct, frozen=True, kw_only=True):
    """Help, on every page at the same place. ``words`` say how a request is doing, when there is one.

    Where ``hold_s`` is not 0 it must be held: the window says ``TouchHelp`` when a finger is put on it, and
    when it is lifted ``LetGoHelp``, or the ``intent`` if it was held for so long.
    """

    words: str
    intent: Intent
    state: HelpState = "idle"
    hold_s: float = 0.0


class Clock(Struct, frozen=True, kw_only=True):
    """The time in large figures; ``time`` is empty while it is not known, and ``words`` say so (K4)."""

    time: str
    words: str = ""


class DayWords(Struct, frozen=True, kw_only=True):
    """The day with its part (``lauantai-iltapäivä``), the date below it, and a picture for day and night."""

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
    """Today or tomorrow. ``words`` stand where there is nothing to list."""

    title: str
    entries: list[AgendaEntry] = []
    words: str = ""


class TodayTile(Struct, frozen=True, kw_only=True):
    """What is now or comes next: when it is (``label``), what, and how many there are besides (``detail``).

    Without an ``intent`` it is only read.
    """

    headline: str
    label: str = ""
    detail: str = ""
    intent: Intent | None = None


class CafeTile(Struct, frozen=True, kw_only=True):
    """The café and whether it is open (V25)."""

    name: str
    words: str
    open: bool
    intent: Intent


class Face(Struct, frozen=True, kw_only=True):
    """One contact. ``photo`` is the path of a checked picture file; without it, ``initials``."""

    name: str
    initials: str
    presence: Literal["available", "busy", "away"]
    presence_words: str
    intent: Intent
    photo: str | None = None
    favourite: bool = False


class Relatives(Struct, frozen=True, kw_only=True):
    """The people who can be called, favourites first; ``all`` leads to the others.

    ``words`` stand where there is nobody.
    """

    faces: list[Face] = []
    words: str = ""
    all: Button | None = None


class Home(Struct, frozen=True, kw_only=True, tag_field="kind", tag="home"):
    """The page that shows all day. What the view hides is None (V1).

    ``news`` has a place of its own, also while there is none. ``more`` is for the arrow of a page that
    divides, ``words`` are said where the view shows nothing at all.
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
    """Today and the days after it, each with its own title; ``fewer`` and ``more`` are earlier and later."""

    days: list[AgendaDay]
    today: str
    tomorrow: str
    fewer: str
    more: str
    back: Button
    messages: Button | None = None


class PeoplePage(Struct, frozen=True, kw_only=True, tag_field="kind", tag="people"):
    """All contacts; ``visits`` leads to those who looked in, ``album`` to what relatives have sent."""

    title: str
    faces: list[Face]
    more: str
    fewer: str
    back: Button
    visits: Button | None = None
    album: Button | None = None


class Step(Struct, frozen=True, kw_only=True):
    """One rung of the way from a press to a person at the door; ``time`` is when it was done, if known."""

    words: str
    state: Literal["done", "now", "ahead"]
    time: str = ""


class HelpPage(Struct, frozen=True, kw_only=True, tag_field="kind", tag="help"):
    """How the request for help is doing: never more than is known (K3).

    While a press is no request yet, ``done`` says how much of its time is over, 0 to 1, as a bar, and
    ``cancel`` takes it back. ``more`` is for the arrow to the steps, where letters are too large for both.
    """

    headline: str
    words: str
    state: HelpState
    steps: list[Step]
    back: Button | None = None
    done: float | None = None
    cancel: Button | None = None
    more: str = ""


class PersonPage(Struct, frozen=True, kw_only=True, tag_field="kind", tag="person"):
    """One contact, large; ``other`` calls somebody else, where this one was not reached."""

    face: Face
    lines: list[str]
    back: Button
    call: Button | None = None
    other: Button | None = None


class CafePage(Struct, frozen=True, kw_only=True, tag_field="kind", tag="cafe"):
    """The café's hours of the coming days, a line each."""

    title: str
    words: str
    open: bool
    lines: list[str]
    back: Button


class NoticePage(Struct, frozen=True, kw_only=True, tag_field="kind", tag="notice"):
    """Nothing but words: before the first view has come, or a device that is not in use (V9)."""

    headline: str
    words: str
    icon: Icon


class CallPage(Struct, frozen=True, kw_only=True, tag_field="kind", tag="call"):
    """A call on the whole screen: rings in or out, counts down before it opens by itself, or goes on.

    ``frames`` is the path of the pictures in shared memory (``window_protocol.frames``), empty while there
    are none: then the face is shown. ``forced`` keeps a border around everything, all the time (K5).
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


class Keyboard(Struct, frozen=True, kw_only=True):
    """Letters to touch, and the ``text`` so far. Where keys would be too small they stand in groups.

    ``group`` are the letters of the group that was touched: a second tap picks one of them.
    """

    text: str
    layout: Layout = "letters"
    group: str = ""
    space: str
    erase: str
    done: str


class TablePage(Struct, frozen=True, kw_only=True, tag_field="kind", tag="table"):
    """A table of the café or a meeting: the question before it, an invitation, the table itself, or its end.

    ``frames`` is the path of the pictures in shared memory, empty while there are none: then the face of
    ``speaker`` is shown. ``faces`` are the others. ``leave`` stands always at the same place.
    """

    state: Literal["asking", "invited", "seated", "over"]
    title: str
    lines: list[str]
    faces: list[Face]
    buttons: list[Button]
    leave: Button
    frames: str = ""
    speaker: Face | None = None
    notice: str = ""


class Visit(Struct, frozen=True, kw_only=True):
    """One forced call: when, who, why, and what became of it."""

    when: str
    who: str
    why: str
    outcome: str


class VisitsPage(Struct, frozen=True, kw_only=True, tag_field="kind", tag="visits"):
    """Who looked in on me (K5), the newest first. ``words`` stand where nobody has.

    ``more`` and ``fewer`` are for the arrows of a list that is longer than the page.
    """

    title: str
    visits: list[Visit]
    words: str = ""
    more: str = ""
    fewer: str = ""
    back: Button


class ChoicePage(Struct, frozen=True, kw_only=True, tag_field="kind", tag="choices"):
    """A few things to choose from; ``more`` and ``fewer`` are for the arrows of a list that is longer."""

    title: str
    words: str
    choices: list[Button] = []
    more: str = ""
    fewer: str = ""
    back: Button


class LinePage(Struct, frozen=True, kw_only=True, tag_field="kind", tag="line"):
    """How the visit is doing, in large words, and what can be done about it."""

    headline: str
    words: str
    lines: list[str] = []
    acts: list[Button] = []
    back: Button | None = None


class MessageEntry(Struct, frozen=True, kw_only=True):
    """One message; ``photo`` is the path of a checked picture file, empty while it is not here yet."""

    headline: str
    words: str = ""
    line: str = ""
    photo: str | None = None


class MessagePage(Struct, frozen=True, kw_only=True, tag_field="kind", tag="message"):
    """Messages, one at a time; ``words`` stand where there are none, ``acts`` answer the only one."""

    entries: list[MessageEntry]
    words: str = ""
    acts: list[Button] = []
    fewer: str
    more: str
    back: Button


class Bubble(Struct, frozen=True, kw_only=True):
    """One message; ``name`` says who wrote it, and when."""

    name: str
    text: str
    is_own: bool


class ChatPage(Struct, frozen=True, kw_only=True, tag_field="kind", tag="chat"):
    """A conversation: own bubbles left, the other's right. ``words`` stand where nothing was written yet."""

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


class TypingPage(Struct, frozen=True, kw_only=True, tag_field="kind", tag="typing"):
    """Something is typed. ``words`` say what, or why the last try was not enough."""

    title: str
    words: str
    keyboard: Keyboard
    back: Button


class PicturePage(Struct, frozen=True, kw_only=True, tag_field="kind", tag="picture"):
    """What the camera sees, from ``frames`` in shared memory; empty while there is nothing."""

    title: str
    words: str
    frames: str = ""
    acts: list[Button] = []
    back: Button


class MeasurePage(Struct, frozen=True, kw_only=True, tag_field="kind", tag="measure"):
    """A frame as wide as a bank card, if the panel is as wide as is believed; ``scale`` times that."""

    title: str
    words: str
    scale: float
    acts: list[Button]
    back: Button


SetUpPage = TypingPage | PicturePage | MeasurePage
QueuePage = ChoicePage | LinePage | ChatPage
Page = (
    Home
    | TodayPage
    | PeoplePage
    | HelpPage
    | PersonPage
    | CafePage
    | NoticePage
    | CallPage
    | TablePage
    | VisitsPage
    | MessagePage
    | QueuePage
    | SetUpPage
)


class Screen(Struct, frozen=True, kw_only=True):
    """One picture of the resident's screen.

    ``revision`` grows with every Screen sent; the window answers it with ``Painted``.
    ``notice`` is a strip for a lost link, ``watched`` one for a look from afar, ``alarm`` one for an alarm
    that is tested or not ready.
    ``clock`` is the time for the head of pages without a clock of their own, empty while it is not known.
    ``lost_words`` are shown instead of everything that could be out of date once the core falls silent.
    """

    revision: int
    style: Style
    page: Page
    help: HelpButton | None
    notice: str = ""
    watched: str = ""
    alarm: str = ""
    clock: str = ""
    lost_words: str = ""
