"""What customer service needs of the calls, a domain beside this one: they carry picture and sound (Q5)."""

from typing import Any, NamedTuple, Protocol

from cloud.devices.models import Device
from cloud.organisations.models import User


class Caller(NamedTuple):
    """Who calls: the user, the page that holds this end, and the name that the resident sees."""

    user: User
    page: str
    name: str


class Calls(Protocol):
    """Calls from an agent's browser to a resident's screen."""

    def servers(self, user: User, /) -> list[Any]:
        """STUN and TURN for the agent's end."""

    def is_offer(self, text: str, /) -> bool:
        """Whether it is a session description that a screen could answer."""

    def place(self, device: Device, visit_id: str, caller: Caller, offer: str, /) -> str:
        """The id of the call as it begins, or as it ended at once."""

    def follow(self, user: User, page: str, call_id: str, /) -> dict[str, str] | None:
        """State, answer and words of this page's own call; asking says that the page lives."""

    def hang_up(self, call_id: str, /) -> None:
        """Over, if it is not over yet. Within the caller's transaction."""


_calls: list[Calls] = []


def connect(calls: Calls) -> None:
    """Says who carries calls; done once, by the desk."""
    _calls[:] = [calls]


def calls() -> Calls:
    """Who carries them."""
    return _calls[0]
