"""What the resident sees: the newest Screen, and where on the display each of its buttons is."""

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

from PIL import Image

from device.window_protocol.client import CoreGone, ScreenClient
from device.window_protocol.intents import Intent
from device.window_protocol.messages import Draw
from device.window_protocol.model import Screen
from kiosk_ui.pages.compose import Interaction, compose
from kiosk_ui.panel import Panel
from kiosk_ui.scene import Piece, RoundedRectangle, TurnPage

OPAQUE = 255


class ResidentScreen:
    """A viewer beside the window; it comes back when the core does."""

    def __init__(self, socket: Path) -> None:
        self._socket = socket
        self._newest: Screen | None = None
        self._leaving = threading.Event()
        threading.Thread(target=self._watch, daemon=True, name="viewer").start()

    @property
    def newest(self) -> Screen | None:
        """None while there is no core."""
        return self._newest

    def says(self, words: str) -> bool:
        """Whether these words are somewhere on the screen."""
        return self._newest is not None and words in repr(self._newest)

    def place_of(self, action: Intent | TurnPage, panel: Panel, turned: int = 0) -> tuple[int, int] | None:
        """The middle of what does this, in pixels; None where it is on another of the page's pages."""
        assert self._newest
        targets = compose(self._newest, panel, Interaction(turned=turned)).targets
        box = next((each.box for each in targets if each.action == action), None)
        return (round(box.x + box.width / 2), round(box.y + box.height / 2)) if box else None

    def is_drawn(self, panel: Panel, picture: Image.Image, turned: int = 0) -> bool:
        """Whether the display has got as far as the newest Screen: every bare surface has its colour."""
        return self._newest is not None and is_drawn(self._newest, panel, picture, turned)

    def leave(self) -> None:
        self._leaving.set()

    def _watch(self) -> None:
        while not self._leaving.is_set():
            try:
                with ScreenClient(self._socket, "viewer", connect_timeout_s=0.5) as client:
                    while not self._leaving.is_set():
                        self._take(client)
            except CoreGone:
                self._newest = None
                self._leaving.wait(0.05)

    def _take(self, client: ScreenClient) -> None:
        try:
            message = client.receive(timeout_s=0.5)
        except TimeoutError:
            return
        if isinstance(message, Draw):
            self._newest = message.screen


def is_drawn(screen: Screen, panel: Panel, picture: Image.Image, turned: int = 0) -> bool:
    """Whether a picture shows this Screen: the ground and every bare surface have their colours."""
    scene = compose(screen, panel, Interaction(turned=turned))
    pieces = list(scene.pieces.values())
    corner = picture.getpixel((1, 1)) == scene.ground[:3]
    return corner and all(
        picture.getpixel(place) == rectangle.fill[:3] for rectangle, place in _bare_places(pieces)
    )


def _bare_places(pieces: Sequence[Piece]) -> Iterator[tuple[RoundedRectangle, tuple[int, int]]]:
    """Near an edge of each surface, where nothing that is drawn later covers it."""
    for at, piece in enumerate(pieces):
        if not isinstance(piece, RoundedRectangle) or piece.fill.opacity != OPAQUE:
            continue
        later = pieces[at + 1 :]
        bare = (place for place in _near_edges(piece) if all(over.box.distance(*place) > 0 for over in later))
        if place := next(bare, None):
            yield piece, place


def _near_edges(rectangle: RoundedRectangle) -> Iterator[tuple[int, int]]:
    box, inside = rectangle.box, rectangle.edge_px + 4
    yield box.x + box.width // 2, box.bottom - inside
    yield box.x + inside, box.y + box.height // 2
    yield box.right - inside, box.y + box.height // 2
