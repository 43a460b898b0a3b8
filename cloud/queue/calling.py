"""What customer service needs of the calls, a domain beside this one: they carry picture and sound (Q5)."""

from typing import Any, Protocol

from cloud.devices.models import Device
from cloud.organisations.models import User
from cloud.queue import browser_calls
from cloud.queue.browser_calls import Caller
from cloud.queue.models import Visit


class Calls(Protocol):
    """Calls from an agent's browser to a resident's screen."""

    def servers(self, who: str, /) -> list[Any]:
        """STUN and TURN for one end of a connection that begins now."""

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


def follow(visit: Visit, user: User, page: str, call_id: str) -> dict[str, str] | None:
    """How the call of this page to this customer is doing, or None where it has none of that id."""
    if visit.contact_id:
        return browser_calls.follow(user, page, call_id)
    return calls().follow(user, page, call_id)


def hang_up(visit: Visit) -> None:
    """The newest call to this customer is over. Within the caller's transaction."""
    if visit.contact_id:
        browser_calls.end(visit.call_id, "caller")
    else:
        calls().hang_up(visit.call_id)
