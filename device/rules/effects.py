"""What the rules ask the world to do. Durable ones are committed before anything is sent."""

from typing import Literal

from msgspec import Struct

from device.contract.commands import Answer, IceServer
from device.contract.documents import Document
from device.contract.events import Happening
from device.contract.vital import Heartbeat


class Record(Struct, frozen=True, kw_only=True):
    """Put an event into the outbox. ``id`` where the rules must know it again."""

    what: Happening
    id: str | None = None


class AnswerCommand(Struct, frozen=True, kw_only=True):
    """Keep and send what became of a command."""

    command_id: str
    answer: Answer


class Report(Struct, frozen=True, kw_only=True):
    """Publish what became of a document."""

    name: Document


class SendHeartbeat(Struct, frozen=True, kw_only=True):
    """Publish the health."""

    heartbeat: Heartbeat


class SendByHttps(Struct, frozen=True, kw_only=True):
    """Hand over the event with this id by HTTPS as well, as it stands in the outbox."""

    id: str


class TakePicture(Struct, frozen=True):
    """Ask the window for what is on the display."""


class TouchScreen(Struct, frozen=True, kw_only=True):
    """Touch the window from afar, at shares of its width and height."""

    x: float
    y: float


class RestartWindow(Struct, frozen=True):
    """End the window's frozen process; its supervisor starts it again."""


class FetchPhotos(Struct, frozen=True):
    """The list of contacts has changed: see that their photos are here."""


class PrepareCall(Struct, frozen=True, kw_only=True):
    """Start the process of a call and let it make an answer; the room is neither seen nor heard yet."""

    call_id: str
    offer: str
    ice_servers: list[IceServer]


class BeginCall(Struct, frozen=True, kw_only=True):
    """Let the two hear and see each other."""

    call_id: str


class ShowRoom(Struct, frozen=True, kw_only=True):
    """How the caller sees the room from now on."""

    call_id: str
    how: Literal["off", "blurred", "clear"]


class FinishCall(Struct, frozen=True, kw_only=True):
    """Hang up, and end the process of this call whatever state it is in."""

    call_id: str


Effect = (
    Record
    | AnswerCommand
    | Report
    | SendHeartbeat
    | SendByHttps
    | TakePicture
    | TouchScreen
    | RestartWindow
    | FetchPhotos
    | PrepareCall
    | BeginCall
    | ShowRoom
    | FinishCall
)
