"""A message and a reminder that is to be confirmed, for the pictures of the screen."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from msgspec.structs import replace

from device.contract.documents import View
from device.contract.messages import AlbumPicture, MessagePlan, PlannedMessage
from device.contract.values import Language
from device.rules.message_state import KeptMessage, Messages
from device.rules.state import Navigation, State

WORDS: dict[Language, tuple[str, str, str, str, str]] = {
    "fi": (
        "Aamulääkkeet",
        "Hei Aino. On aika ottaa lääkkeet.",
        "lauantaina 21. marraskuuta 14.00",
        "Kauppakassi",
        "Se tuodaan tänään vasta neljältä. Sinun ei tarvitse lähteä mihinkään.",
    ),
    "sv": (
        "Morgonmediciner",
        "Hej Aino. Det är dags att ta medicinerna.",
        "lördag 21 november 14.00",
        "Matkassen",
        "Den kommer först klockan fyra i dag. Du behöver inte gå någonstans.",
    ),
    "da": (
        "Morgenmedicin",
        "Hej Aino. Det er tid til at tage medicinen.",
        "lørdag 21. november 14.00",
        "Varerne",
        "De kommer først klokken fire i dag. Du behøver ikke at gå nogen steder.",
    ),
    "en": (
        "Morning tablets",
        "Hello Aino. It is time to take your medicine.",
        "Saturday 21 November 14:00",
        "Your shopping",
        "It comes only at four today. You need not go anywhere.",
    ),
}

SENT: dict[Language, str] = {
    "fi": "Leena lähetti sinulle kuvan",
    "sv": "Leena skickade dig en bild",
    "da": "Leena har sendt dig et billede",
    "en": "Leena sent you a picture",
}
# Of the demo's portraits, by the names that the pictures have.
LEENA = f"{0:064}"


def message_scenes(home: State, language: Language, at: datetime) -> Iterator[tuple[str, State]]:
    """One to be confirmed, and one that is only read."""
    title, body, about, news, more = WORDS[language]
    until = at + timedelta(hours=1)
    message = PlannedMessage(id="1", title=title, body=body, about=about, due_at=at, until=until)
    yield "reminder", _with(home, replace(message, asks_confirmation=True))
    shown = _with(home, replace(message, title=news, body=more, about=""))
    yield "message", shown
    yield "message-read-aloud", _speaking(shown)
    yield "reminder-read-aloud", _speaking(_with(home, replace(message, asks_confirmation=True)))

    long = " ".join([body, more] * 4)
    yield "long message", _with(home, replace(message, title=news, body=long, about=""))
    sent = SENT[language]
    picture = replace(message, title=sent, body=more, about="", sender="Leena", photo=LEENA)
    yield "picture from the family", _with(home, picture)
    of_album = AlbumPicture(id="1", sender="Leena", words=more, photo=LEENA, sent_at=at)
    documents = replace(home.documents, messages=MessagePlan(version=1, album=[of_album, of_album]))
    yield "album", replace(home, documents=documents, navigation=Navigation(page="album"))
    assert documents.view
    idle = replace(documents, view=replace(documents.view, slide_show_after_min=1))
    yield "slide-show", replace(home, documents=idle)
    yield "messages of today", replace(_said(home, message), navigation=Navigation(page="messages"))


def _said(home: State, message: PlannedMessage) -> State:
    kept = [
        KeptMessage(message=replace(message, id=id_), shown_at=message.due_at, answer="ok") for id_ in "12"
    ]
    return replace(home, messages=Messages(kept=tuple(kept)))


def _speaking(state: State) -> State:
    view = state.documents.view or View(version=1)
    return replace(state, documents=replace(state.documents, view=replace(view, speak_on_touch=True)))


def _with(home: State, message: PlannedMessage) -> State:
    kept = KeptMessage(message=message, shown_at=message.due_at)
    return replace(home, messages=Messages(kept=(kept,), shown=message.id))
