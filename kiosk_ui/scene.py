"""One frame as data: pieces to draw, and touch targets."""

from typing import NamedTuple

from msgspec import Struct

from device.window_protocol.intents import Arrow, Intent
from kiosk_ui.boxes import Box
from kiosk_ui.palettes import Colour
from kiosk_ui.text.fitting import Fitted
from kiosk_ui.text.raster import Align


class RoundedRectangle(NamedTuple):
    """A rounded rectangle, with an edge where ``edge_px`` is not zero and a shadow where it has a colour."""

    box: Box
    fill: Colour
    radius_px: int
    edge: Colour | None = None
    edge_px: int = 0
    shadow: Colour | None = None


class Text(NamedTuple):
    """Fitted text in the middle of ``box``, which has its size."""

    box: Box
    fitted: Fitted
    colour: Colour
    align: Align
    role: str


class Photo(NamedTuple):
    """A round photo in a square box, or a whole one in a box with its aspect ratio."""

    box: Box
    path: str
    changed_ns: int
    is_round: bool = True


class Video(NamedTuple):
    """A video, as large as ``box`` allows, on ``ground``; invisible before its first frame.

    ``path`` is its file in shared memory (``device.window_protocol.frames``).
    """

    box: Box
    path: str
    ground: Colour


Piece = RoundedRectangle | Text | Photo | Video


class TurnPage(NamedTuple):
    """An action of the window itself: scrolling a list."""

    to: int
    arrow: Arrow


class Target(NamedTuple):
    """A touch target. ``is_patient``: counts however long it was held; ``hold_s``: must be held."""

    box: Box
    key: str
    action: Intent | TurnPage
    is_patient: bool = False
    hold_s: float = 0.0


class OverflowText(NamedTuple):
    """A text that was cut, broken or too small, for the desk's preview."""

    key: str
    text: str
    shown: str


class Scene(Struct, frozen=True):
    """Pieces in drawing order, each under a key that is stable from frame to frame."""

    ground: Colour
    pieces: dict[str, Piece]
    targets: tuple[Target, ...]
    cut: tuple[OverflowText, ...]
