"""Events that the link reports to the core."""

from msgspec import Struct

from device.contract.topics import Channel


class LinkError(Exception):
    """The connection failed or ended; the message says why, for the health page."""


class Connected(Struct, frozen=True):
    """The broker has accepted this device, and all subscriptions were requested."""


class Disconnected(Struct, frozen=True):
    """The link is down; ``reason`` in plain English for the health page."""

    reason: str


class Arrived(Struct, frozen=True):
    """A message arrived on one of the device's topics."""

    channel: Channel
    payload: bytes


class Refused(Struct, frozen=True):
    """The broker rejected a published message."""

    reason: str


class IdentityShared(Struct, frozen=True):
    """Whether another tablet connects to the broker with this device's identity (K18)."""

    shared: bool


class NobodyListens(Struct, frozen=True):
    """The broker accepted an event, but no worker of the desk is subscribed."""


LinkEvent = NobodyListens | Connected | Disconnected | Arrived | Refused | IdentityShared
