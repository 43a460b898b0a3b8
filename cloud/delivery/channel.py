"""The port of every channel: what carries a message to an address, and the list of all channels."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from django import forms

AddressKind = Literal["email", "phone", "push"]


@dataclass(frozen=True)
class Outgoing:
    """A message as a channel gets it; ``id`` is the same each time that this message is handed over."""

    id: str
    address: str
    subject: str
    body: str


@dataclass(frozen=True)
class Handed:
    """The other side has taken the message; ``reference`` is what its reports will call it."""

    reference: str = ""
    parts: int = 1


@dataclass(frozen=True)
class Report:
    """What the other side says later of a message: by our ``id``, or by its own ``reference``."""

    state: Literal["delivered", "read", "failed"]
    id: str = ""
    reference: str = ""
    reason: str = ""


class NotSent(Exception):
    """The message was not taken. ``permanent``: another try by this channel would not help."""

    def __init__(self, reason: str, *, permanent: bool = False) -> None:
        super().__init__(reason)
        self.permanent = permanent


class Session(Protocol):
    """A way to the other side, used by one thread."""

    def send(self, outgoing: Outgoing) -> Handed:
        """Returns once the other side has taken it. Raises ``NotSent``."""

    def poll(self) -> Sequence[Report]:
        """What has come in since; at once."""

    def close(self) -> None:
        """Ends it."""


class ChannelForm(Protocol):
    """A form of settings: any of Django's."""

    def __call__(self, *args: Any, **kwargs: Any) -> forms.Form:
        """Makes one."""


@dataclass(frozen=True)
class Channel:
    """One channel. ``knows_repeats``: the other side takes the same id once, however often it gets it."""

    name: str
    label: object
    kind: AddressKind
    open: Callable[[Mapping[str, Any]], Session]
    form: ChannelForm | None = None
    knows_repeats: bool = False
    # Whether reports come in by the session, which is therefore open also while nothing is sent.
    listens: bool = False
    # Whether this process can carry it at all: the modem is plugged into one computer.
    is_here: Callable[[], bool] = lambda: True


_channels: dict[str, Channel] = {}


def register(channel: Channel) -> None:
    """Adds a channel, or replaces the one of the same name."""
    _channels[channel.name] = channel


def channels() -> list[Channel]:
    """All of them, in the order in which they were added."""
    return list(_channels.values())


def channel_of(name: str) -> Channel | None:
    """The channel of this name."""
    return _channels.get(name)
