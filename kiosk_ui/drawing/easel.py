"""Puts Scenes on a canvas by their differences: what stayed the same costs nothing."""

from collections.abc import Callable
from functools import reduce
from typing import TYPE_CHECKING, Any

from kiosk_ui.boxes import Box
from kiosk_ui.drawing.pieces import DRAWINGS, Drawing, reach
from kiosk_ui.drawing.textures import TextureStore
from kiosk_ui.scene import Piece, Scene, Video

if TYPE_CHECKING:
    from kiosk_ui.drawing.video import Change, VideoDrawing


class Easel:
    """Holds the drawings of the Scene that is on."""

    def __init__(self, canvas: Any, height_px: int, wake: Callable[[], None]) -> None:
        """``wake`` is called, from another thread, when there is a moving picture to ``take_frames`` of."""
        self._canvas = canvas
        self._height_px = height_px
        self._wake = wake
        self._textures = TextureStore()
        self._drawings: dict[str, Drawing] = {}
        self.videos: dict[str, VideoDrawing] = {}
        self._pieces: dict[str, Piece] = {}

    def show(self, scene: Scene) -> Box | None:
        """Brings the canvas up to date. Returns where it changed."""
        damage = _difference(self._pieces, scene.pieces)
        if damage is None:
            return None
        same_order = list(scene.pieces) == list(self._pieces)
        for key, piece in scene.pieces.items():
            before = self._pieces.get(key)
            if type(before) is not type(piece):
                self._drawings[key] = self._new_drawing(key, piece)
                same_order = False
            if before != piece:
                self._drawings[key].show(piece)
        if not same_order:
            self._put_in_order(scene)
        self._pieces = scene.pieces
        return damage

    def take_frames(self) -> list["Change"]:
        """Brings moving pictures up to date. Returns where they changed."""
        return [change for video in self.videos.values() if (change := video.take_frame())]

    def _new_drawing(self, key: str, piece: Piece) -> Drawing:
        if not isinstance(piece, Video):
            return DRAWINGS[type(piece)](self._textures, self._height_px)
        # Only in a call: the window starts without it.
        from kiosk_ui.drawing.video import VideoDrawing

        self.videos[key] = VideoDrawing(self._height_px, self._wake)
        return self.videos[key]

    def _put_in_order(self, scene: Scene) -> None:
        self._drawings = {key: self._drawings[key] for key in scene.pieces}
        for gone in self.videos.keys() - scene.pieces.keys():
            self.videos.pop(gone).close()
        self._canvas.clear()
        for drawing in self._drawings.values():
            self._canvas.add(drawing.group)


def _difference(before: dict[str, Piece], after: dict[str, Piece]) -> Box | None:
    """A box around everything that is new, gone, or not as it was."""
    changed = [
        reach(piece)
        for key in before.keys() | after.keys()
        for piece in (before.get(key), after.get(key))
        if piece is not None and before.get(key) != after.get(key)
    ]
    return reduce(Box.joined, changed) if changed else None
