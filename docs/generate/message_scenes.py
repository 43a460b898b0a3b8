"""A message and a reminder that is to be confirmed, for the pictures of the screen."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from msgspec.structs import replace

from device.contract.messages import PlannedMessage
from device.contract.values import Language
from device.rules.message_state import KeptMessage, Messages
from device.rules.state import State

WORDS: dict[Language, tuple[str, str, str, str]] = {
    "fi": (
        "Aamulääkkeet",
        "Hei Aino. On aika ottaa lääkkeet.",
        "lauantaina 21. marraskuuta 14.00",
        (
            "Kauppakassi tuodaan tänään vasta neljältä. Kuljettaja soittaa ovikelloa, eikä sinun tarvitse lähteä "
            "mihinkään. Jos tarvitset jotakin ennen sitä, paina Pyydä soittoa."
        ),
    ),
    "sv": (
        "Morgonmediciner",
        "Hej Aino. Det är dags att ta medicinerna.",
        "lördag 21 november 14.00",
        (
            "Matkassen kommer först klockan fyra i dag. Chauffören ringer på dörren, och du behöver inte gå "
            "någonstans. Om du behöver något före det, tryck på Be om samtal."
        ),
    ),
    "da": (
        "Morgenmedicin",
        "Hej Aino. Det er tid til at tage medicinen.",
        "lørdag 21. november 14.00",
        (
            "Varerne kommer først klokken fire i dag. Chaufføren ringer på døren, og du behøver ikke at gå "
            "nogen steder. Hvis du mangler noget før, så tryk på Bed om et opkald."
        ),
    ),
    "en": (
        "Morning tablets",
        "Hello Aino. It is time to take your medicine.",
        "Saturday 21 November 14:00",
        (
            "Your shopping comes only at four today. The driver rings the bell, and you need not go anywhere. "
            "If you need something before that, press Ask for a call."
        ),
    ),
}


def message_scenes(home: State, language: Language, at: datetime) -> Iterator[tuple[str, State]]:
    """One to be confirmed, and a longer one that is only read."""
    title, body, about, longer = WORDS[language]
    message = PlannedMessage(
        id="1", title=title, body=body, about=about, due_at=at, until=at + timedelta(hours=1)
    )
    yield "reminder", _with(home, replace(message, asks_confirmation=True))
    yield "message", _with(home, replace(message, title=longer.split(".")[0], body=longer, about=""))


def _with(home: State, message: PlannedMessage) -> State:
    kept = KeptMessage(message=message, shown_at=message.due_at)
    return replace(home, messages=Messages(kept=(kept,), shown=message.id))
