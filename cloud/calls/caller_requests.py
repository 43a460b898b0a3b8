"""Request bodies of the caller's page; identity and permissions come from its link, never from these."""

from typing import Annotated, Literal, TypeVar

from django.http import HttpRequest
from msgspec import Meta, Struct

from cloud.calls import sdp
from cloud.calls.errors import NotADescription
from device.contract.commands import ForcedReason
from device.contract.errors import Malformed, TooLarge
from device.contract.wire import read

# The maximum number of simultaneous calls, each with its session description.
LARGEST_BYTES = 400_000

PageId = Annotated[str, Meta(pattern="^[0-9a-f-]{36}$")]
CallId = Annotated[str, Meta(min_length=1, max_length=64)]
Secret = Annotated[str, Meta(min_length=1, max_length=200)]
T = TypeVar("T")


class Enter(Struct, frozen=True):
    """Sign in with a personal link."""

    secret: Secret


class OneOffer(Struct, frozen=True):
    """A session description for one resident."""

    resident: int
    offer: str


class PlaceCalls(Struct, frozen=True):
    """Call these residents; with a reason it is a forced call (V13).

    ``again`` is the call of this page that broke off, where one resident is dialled again.
    """

    page: PageId
    calls: Annotated[list[OneOffer], Meta(min_length=1, max_length=6)]
    reason: ForcedReason | None = None
    text: Annotated[str, Meta(max_length=2000)] = ""
    again: CallId | None = None


class Take(Struct, frozen=True):
    """Answer the resident's call from this page."""

    page: PageId
    call: CallId
    offer: str


class Refuse(Struct, frozen=True):
    """Refuse the resident's call for this contact; others may still answer."""

    call: CallId


class Some(Struct, frozen=True):
    """Some of this page's calls, or all of them, to keep alive or to end."""

    page: PageId
    calls: Annotated[list[CallId], Meta(max_length=20)] | None = None


class Seen(Struct, frozen=True):
    """Mark missed calls as seen."""


class Choose(Struct, frozen=True):
    """Set the contact's own presence, which the resident sees."""

    presence: Literal["available", "busy", "away"]


def read_request(request: HttpRequest, kind: type[T]) -> T:
    """Parse a request body. Raises ``ContractError``."""
    body = request.read(LARGEST_BYTES + 1)
    if len(body) > LARGEST_BYTES:
        raise TooLarge("too large")
    asked: T = read(body, kind)
    return asked


def offer(text: str) -> str:
    """Validate a session description. Raises ``ContractError``."""
    try:
        return sdp.checked(text)
    except NotADescription as error:
        raise Malformed(str(error), "offer") from None
