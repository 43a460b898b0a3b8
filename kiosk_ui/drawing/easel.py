"""Puts Scenes on a canvas by their differences: what stayed the same costs nothing."""

from typing import Any

from kiosk_ui.drawing.pieces import DRAWINGS, Drawing
from kiosk_ui.drawing.textures import TextureStore
from kiosk_ui.scene import Piece, Scene


class Easel:
    """Holds the drawings of the Scene that is on."""

    def __init__(self, canvas: Any, height_px: int) -> None:
        self._canvas = canvas
        self._height_px = height_px
        self._textures = TextureStore()
        self._drawings: dict[str, Drawing] = {}
        self._pieces: dict[str, Piece] = {}

    def show(self, scene: Scene) -> bool:
        """Returns whether anything changed."""
        if scene.pieces == self._pieces and list(scene.pieces) == list(self._pieces):
            return False
        same_order = list(scene.pieces) == list(self._pieces)
        for key, piece in scene.pieces.items():
            before = self._pieces.get(key)
            if type(before) is not type(piece):
                self._drawings[key] = DRAWINGS[type(piece)](self._textures, self._height_px)
                same_order = False
            if before != piece:
                self._drawings[key].show(piece)
        if not same_order:
            self._put_in_order(scene)
        self._pieces = scene.pieces
        return True

    def _put_in_order(self, scene: Scene) -> None:
        self._drawings = {key: self._drawings[key] for key in scene.pieces}
        self._canvas.clear()
        for drawing in self._drawings.values():
            self._canvas.add(drawing.group)
