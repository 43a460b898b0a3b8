"""One frame as data: what is drawn where, and what reacts to a finger."""

from typing import NamedTuple

from msgspec import Struct

from device.window_protocol.intents import Arrow, Intent
from kiosk_ui.boxes import Box
from kiosk_ui.palettes import Colour
from kiosk_ui.text.fitting import Fitted
from kiosk_ui.text.raster import Align


class Plate(NamedTuple):
    """A rounded surface, with an edge where ``edge_px`` is not zero and a shadow where it has a colour."""

    box: Box
    fill: Colour
    radius_px: int
    edge: Colour | None = None
    edge_px: int = 0
    shadow: Colour | None = None


class Words(NamedTuple):
    """Fitted words in the middle of ``box``, which is as large as they are."""

    box: Box
    fitted: Fitted
    colour: Colour
    align: Align
    role: str


class Photo(NamedTuple):
    """A round photo that fills a square box, or a whole one that fills a box of its own shape."""

    box: Box
    path: str
    changed_ns: int
    is_round: bool = True


class Video(NamedTuple):
    """Moving pictures, as large as ``box`` lets them be, on ``ground``; nothing at all until the first.

    ``path`` is where they are in shared memory (``device.window_protocol.frames``).
    """

    box: Box
    path: str
    ground: Colour


Piece = Plate | Words | Photo | Video


class TurnPage(NamedTuple):
    """Something to touch that concerns the window alone: other faces of the same list."""

    to: int
    arrow: Arrow


class Target(NamedTuple):
    """What a finger can mean. ``is_patient``: counts however long it was held; ``hold_s``: must be held."""

    box: Box
    key: str
    action: Intent | TurnPage
    is_patient: bool = False
    hold_s: float = 0.0


class CutText(NamedTuple):
    """A text that was cut, broken or made too small for its place, for the desk's preview."""

    key: str
    text: str
    shown: str


class Scene(Struct, frozen=True):
    """Pieces in drawing order, each under a key that stays the same from frame to frame."""

    ground: Colour
    pieces: dict[str, Piece]
    targets: tuple[Target, ...]
    cut: tuple[CutText, ...]
