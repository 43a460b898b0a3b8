"""Presence and health of a device, and pictures of its screen."""

from typing import Annotated

from msgspec import Meta, Struct

from device.contract.documents import Reported
from device.contract.values import Component, Line, Name
from device.contract.wire import Instant


class Presence(Struct, frozen=True, kw_only=True):
    """Online or not. Also the will; the will of a session older than the newest is ignored.

    An online device lists its document versions: the desk sends what differs or is missing.
    """

    online: bool
    session: Annotated[int, Meta(ge=1, description="Grows with each connection of a device")]
    documents: Annotated[list[Reported], Meta(max_length=50)] | None = None


class RollCall(Struct, frozen=True, kw_only=True):
    """The desk asks the device to publish its presence again, having received none since it subscribed."""


class Fault(Struct, frozen=True, kw_only=True):
    """A component that does not work, in words for the desk."""

    part: Component
    reason: Line


class PartHealth(Struct, frozen=True, kw_only=True):
    """The health of one component; ``reason`` is empty while it works."""

    part: Component
    reason: Line
    since: Instant


class DeviceHealth(Struct, frozen=True, kw_only=True):
    """The device's own health report, for local use; ``pid`` is the process that wrote it."""

    pid: int
    parts: list[PartHealth]


class Heartbeat(Struct, frozen=True, kw_only=True):
    """Sent once a minute: the device's health, including the drawing loop (K2)."""

    version: Name
    uptime_s: Annotated[float, Meta(ge=0)]
    clock_trusted: bool
    screen_silent_s: Annotated[float, Meta(ge=0, description="Since the drawing loop was last heard")]
    outbox: Annotated[int, Meta(ge=0, description="Events without a receipt")]
    faults: Annotated[list[Fault], Meta(max_length=50)] = []
    free_mb: Annotated[int, Meta(ge=0, description="Room on the disk of the device's data")] | None = None
    fitted: Annotated[
        list[Component], Meta(max_length=50, description="Parts that the device has, named as in faults")
    ] = []


class RemoteViewFrame(Struct, frozen=True, kw_only=True):
    """A picture of the screen during a remote view: JPEG, base64 in JSON."""

    width_px: Annotated[int, Meta(ge=1, le=8192)]
    height_px: Annotated[int, Meta(ge=1, le=8192)]
    jpeg: Annotated[bytes, Meta(max_length=700_000)]
