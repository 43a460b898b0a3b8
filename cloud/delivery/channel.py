"""The interface of delivery channels, and their registry."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from django import forms

AddressKind = Literal["email", "phone", "push"]


@dataclass(frozen=True)
class Outgoing:
    """A message for a channel; ``id`` is the same in every attempt."""

    id: str
    address: str
    subject: str
    body: str


@dataclass(frozen=True)
class Handed:
    """The other side has accepted the message; its reports use ``reference``."""

    reference: str = ""
    parts: int = 1


@dataclass(frozen=True)
class Report:
    """A later report on a message, by our ``id`` or the other side's ``reference``."""

    state: Literal["delivered", "read", "failed"]
    id: str = ""
    reference: str = ""
    reason: str = ""


class NotSent(Exception):
    """The message was not accepted. ``permanent``: a retry over this channel would not help."""

    def __init__(self, reason: str, *, permanent: bool = False) -> None:
        super().__init__(reason)
        self.permanent = permanent


class Session(Protocol):
    """A connection to the other side, used by one thread."""

    def send(self, outgoing: Outgoing) -> Handed:
        """Send a message; returns once the other side has accepted it. Raises ``NotSent``."""

    def poll(self) -> Sequence[Report]:
        """Return new reports, without blocking."""

    def close(self) -> None:
        """Close the connection; reports that come later are read by the next session."""


class ChannelForm(Protocol):
    """The form class of a channel's settings: any of Django's."""

    def __call__(self, *args: Any, **kwargs: Any) -> forms.Form:
        """Create a form, bound or unbound as Django does."""


@dataclass(frozen=True)
class Channel:
    """A channel. ``knows_repeats``: the other side deduplicates messages by id."""

    name: str
    label: object
    kind: AddressKind
    open: Callable[[Mapping[str, Any]], Session]
    form: ChannelForm | None = None
    knows_repeats: bool = False
    # Whether reports arrive over the session, which is then kept open while nothing is sent.
    listens: bool = False
    # Whether this process can use the channel: the modem is connected to one computer.
    is_here: Callable[[], bool] = lambda: True


_channels: dict[str, Channel] = {}


def register(channel: Channel) -> None:
    """Register a channel; it replaces one of the same name."""
    _channels[channel.name] = channel


def channels() -> list[Channel]:
    """Return all channels in the order of registration."""
    return list(_channels.values())


def channel_of(name: str) -> Channel | None:
    """Return the channel of this name, or None."""
    return _channels.get(name)
