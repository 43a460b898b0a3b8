"""What the link tells the core."""

from msgspec import Struct

from device.contract.topics import Channel


class LinkError(Exception):
    """The connection could not be made or ended; the message says why, for the health page."""


class Connected(Struct, frozen=True):
    """The broker has accepted this device and all its subscriptions are asked for."""


class Disconnected(Struct, frozen=True):
    """There is no link; ``reason`` in plain English for the health page."""

    reason: str


class Arrived(Struct, frozen=True):
    """A message on one of the device's own topics."""

    channel: Channel
    payload: bytes


class Refused(Struct, frozen=True):
    """The broker did not take something that was published."""

    reason: str


class IdentityShared(Struct, frozen=True):
    """Whether another tablet comes to the broker in this device's name (K18)."""

    shared: bool


class NobodyListens(Struct, frozen=True):
    """The broker took an event, and nobody at the desk is there to hear it."""


LinkEvent = NobodyListens | Connected | Disconnected | Arrived | Refused | IdentityShared
