"""What a caller's page may ask for: whoever it is, and what they may, is never among it."""

from typing import Annotated, Literal, TypeVar

from django.http import HttpRequest
from msgspec import Meta, Struct

from cloud.calls import sdp
from cloud.calls.errors import NotADescription
from device.contract.commands import ForcedReason
from device.contract.errors import Malformed, TooLarge
from device.contract.wire import read

# As many as there can be at once, each with its description.
LARGEST_BYTES = 400_000

PageId = Annotated[str, Meta(pattern="^[0-9a-f-]{36}$")]
CallId = Annotated[str, Meta(min_length=1, max_length=64)]
Secret = Annotated[str, Meta(min_length=1, max_length=200)]
T = TypeVar("T")


class Enter(Struct, frozen=True):
    """Come in by a personal link."""

    secret: Secret


class OneOffer(Struct, frozen=True):
    """An offer to one resident."""

    resident: int
    offer: str


class Place(Struct, frozen=True):
    """Call these residents; with a reason it is a forced call (V13)."""

    page: PageId
    calls: Annotated[list[OneOffer], Meta(min_length=1, max_length=6)]
    reason: ForcedReason | None = None
    text: Annotated[str, Meta(max_length=2000)] = ""


class Take(Struct, frozen=True):
    """Answer the resident's call."""

    page: PageId
    call: CallId
    offer: str


class Refuse(Struct, frozen=True):
    """Do not answer it."""

    call: CallId


class Some(Struct, frozen=True):
    """These calls of this page, or all of them: they go on, or they are to end."""

    page: PageId
    calls: Annotated[list[CallId], Meta(max_length=20)] | None = None


class Seen(Struct, frozen=True):
    """Whom I missed, I have seen."""


class Choose(Struct, frozen=True):
    """How the contact wants to be seen."""

    presence: Literal["available", "busy", "away"]


def read_request(request: HttpRequest, kind: type[T]) -> T:
    """What the page asks for. Raises ``ContractError``."""
    body = request.read(LARGEST_BYTES + 1)
    if len(body) > LARGEST_BYTES:
        raise TooLarge("too large")
    asked: T = read(body, kind)
    return asked


def offer(text: str) -> str:
    """The offer, once it is known to be one. Raises ``ContractError``."""
    try:
        return sdp.checked(text)
    except NotADescription as error:
        raise Malformed(str(error), "offer") from None
