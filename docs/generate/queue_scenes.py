"""The pages of customer service, for the pictures of the screen."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from msgspec.structs import replace

from device.contract.queue import QueueDocument, QueueMessage, QueueTopic, QueueVisit, WaitEstimate
from device.contract.values import Language
from device.rules.queue_state import QueuePages
from device.rules.state import Navigation, State
from device.rules.typing import Typing

TOPICS: dict[Language, list[str]] = {
    "fi": ["Ruoka ja ostokset", "Laite ja ruutu", "Lääkkeet", "Kuljetukset", "Muut asiat"],
    "sv": ["Mat och inköp", "Apparaten och skärmen", "Läkemedel", "Skjutsar", "Annat"],
    "da": ["Mad og indkøb", "Apparatet og skærmen", "Medicin", "Kørsel", "Andet"],
    "en": ["Food and shopping", "Device and screen", "Medicine", "Transport", "Other matters"],
}
SAID: dict[Language, tuple[str, str, str, str]] = {
    "fi": (
        "Hyvää päivää, Aino. Täällä Anna. Miten voin auttaa?",
        "En saanut tänään ateriaa.",
        "Ikävä kuulla. Soitan heti kuljettajalle.",
        "Kiitos",
    ),
    "sv": (
        "Goddag, Aino. Det är Anna. Vad kan jag hjälpa till med?",
        "Jag fick ingen mat i dag.",
        "Det var tråkigt. Jag ringer genast chauffören.",
        "Tack",
    ),
    "da": (
        "Goddag, Aino. Det er Anna. Hvad kan jeg hjælpe med?",
        "Jeg fik ingen mad i dag.",
        "Det er jeg ked af. Jeg ringer straks til chaufføren.",
        "Tak",
    ),
    "en": (
        "Good day, Aino. This is Anna. How can I help?",
        "I did not get a meal today.",
        "I am sorry to hear that. I will call the driver at once.",
        "Thank you",
    ),
}
REPLIES: dict[Language, list[str]] = {
    "fi": ["Kyllä", "Ei", "Kiitos", "En ymmärrä"],
    "sv": ["Ja", "Nej", "Tack", "Jag förstår inte"],
    "da": ["Ja", "Nej", "Tak", "Jeg forstår det ikke"],
    "en": ["Yes", "No", "Thank you", "I do not understand"],
}


def queue_scenes(home: State, language: Language, at: datetime) -> Iterator[tuple[str, State]]:
    """Topics, ways, the line, the conversation, and the end."""
    waiting = _visit(language, at)
    served = replace(waiting, stage="served", place=0, agent_name="Anna", served_at=at)
    chat = replace(served, messages=_messages(language, at))
    yield "queue-topics", _with(home, language, None)
    yield "queue-ways", _with(home, language, None, QueuePages(queue_id="0"))
    yield "queue-waiting", _with(home, language, waiting)
    released = replace(waiting, place=1, is_released=True, call_back="offered", estimate=None)
    yield "queue-call-back", _with(home, language, released)
    yield "queue-leave", _with(home, language, waiting, QueuePages(asks_to_leave=True))
    yield "queue-chat-empty", _with(home, language, served)
    yield "queue-chat", _with(home, language, chat)
    yield "queue-video-asked", _with(home, language, replace(chat, video="asked-by-agent"))
    yield "queue-video", _with(home, language, replace(served, way="video", video="on"))
    typing = QueuePages(is_typing=True, typing=Typing(text=SAID[language][3]))
    yield "queue-typing", _with(home, language, chat, typing)
    ended_at = at + timedelta(minutes=9)
    yield "queue-end", _with(home, language, replace(served, stage="ended", end="removed", ended_at=ended_at))
    yield "queue-away", _with(home, language, replace(waiting, stage="ended", end="away", ended_at=ended_at))


def _visit(language: Language, at: datetime) -> QueueVisit:
    return QueueVisit(
        visit_id="v",
        queue_name=TOPICS[language][0],
        way="text",
        stage="waiting",
        joined_at=at - timedelta(minutes=4),
        place=3,
        estimate=WaitEstimate(least_min=5, most_min=15),
        quick_replies=REPLIES[language],
    )


def _messages(language: Language, at: datetime) -> list[QueueMessage]:
    return [
        QueueMessage(
            number=number,
            author="customer" if number % 2 == 0 else "agent",
            name="Aino Virtanen" if number % 2 == 0 else "Anna",
            text=text,
            sent_at=at,
        )
        for number, text in enumerate(SAID[language], 1)
    ]


def _with(
    home: State, language: Language, visit: QueueVisit | None, pages: QueuePages | None = None
) -> State:
    estimate = WaitEstimate(least_min=0, most_min=5)
    topics = [
        QueueTopic(
            queue_id=str(index), name=name, ways=["text", "video"], estimate=None if index else estimate
        )
        for index, name in enumerate(TOPICS[language])
    ]
    documents = replace(home.documents, queue=QueueDocument(version=1, topics=topics, visit=visit))
    return replace(
        home, documents=documents, queue_pages=pages or QueuePages(), navigation=Navigation(page="queue")
    )
