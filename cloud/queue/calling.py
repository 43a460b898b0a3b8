"""The interface to the calls app for video calls (Q5)."""

from typing import Any, Protocol

from cloud.devices.models import Device
from cloud.organisations.models import User
from cloud.queue import browser_calls
from cloud.queue.browser_calls import Caller
from cloud.queue.models import Visit


class Calls(Protocol):
    """Calls from an agent's browser to a resident's screen."""

    def servers(self, who: str, /) -> list[Any]:
        """Return STUN and TURN servers for a new connection."""

    def is_offer(self, text: str, /) -> bool:
        """Return whether it is a session description that a screen could answer."""

    def place(self, device: Device, visit_id: str, caller: Caller, offer: str, /) -> str:
        """Place a call; return its id, even if it ended at once."""

    def follow(self, user: User, page: str, call_id: str, /) -> dict[str, str] | None:
        """Return state, answer and text of this page's call, and record a heartbeat."""

    def hang_up(self, call_id: str, /) -> None:
        """End the call, if it is not over. Within the caller's transaction."""


_calls: list[Calls] = []


def connect(calls: Calls) -> None:
    """Set the interface; done once, by the desk app."""
    _calls[:] = [calls]


def calls() -> Calls:
    """Return the interface to the calls app."""
    return _calls[0]


def follow(visit: Visit, user: User, page: str, call_id: str) -> dict[str, str] | None:
    """Return the state of this page's call to this customer, or None."""
    if visit.contact_id:
        return browser_calls.follow(user, page, call_id)
    return calls().follow(user, page, call_id)


def hang_up(visit: Visit) -> None:
    """End the newest call to this customer. Within the caller's transaction."""
    if visit.contact_id:
        browser_calls.end(visit.call_id, "caller")
    else:
        calls().hang_up(visit.call_id)
