"""Messages on the Unix socket between the core and its viewers.

Frames are a four-byte big-endian length and that many bytes of JSON.
"""

from typing import Literal

from msgspec import Struct

from device.window_protocol.intents import Arrow, Intent
from device.window_protocol.model import Screen


class Draw(Struct, frozen=True, tag_field="kind", tag="draw"):
    """To a viewer: show this Screen."""

    screen: Screen


class TakePicture(Struct, frozen=True, tag_field="kind", tag="take-picture"):
    """To the window: answer with a ``Picture`` of the display."""


class Touch(Struct, frozen=True, tag_field="kind", tag="touch"):
    """To the window: a remote touch, as a fraction of width and height from the top left."""

    x: float
    y: float


ToViewer = Draw | TakePicture | Touch


class Hello(Struct, frozen=True, tag_field="kind", tag="hello"):
    """From a viewer, first. Only frames of the ``window`` count as painted."""

    role: Literal["window", "viewer"]


class Painted(Struct, frozen=True, tag_field="kind", tag="painted"):
    """From the window's drawing loop, after the frame with this revision is on the display."""

    revision: int


class Beat(Struct, frozen=True, tag_field="kind", tag="beat"):
    """From the window's drawing loop, where it has painted nothing for a while (K2)."""


class Done(Struct, frozen=True, tag_field="kind", tag="done"):
    """From any viewer: an intent of the resident."""

    intent: Intent


class Turned(Struct, frozen=True, tag_field="kind", tag="turned"):
    """From the window: the resident scrolled a list, which the window does itself."""

    arrow: Arrow


class Picture(Struct, frozen=True, tag_field="kind", tag="picture"):
    """From the window: a JPEG of the display."""

    width_px: int
    height_px: int
    jpeg: bytes


FromViewer = Hello | Painted | Beat | Done | Turned | Picture

LARGEST_FRAME_BYTES = 4_000_000
# So that a minute in which only the clock changes has six of them.
BEAT_INTERVAL_S = 9.0
