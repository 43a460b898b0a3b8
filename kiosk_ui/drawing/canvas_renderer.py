"""Updates Kivy's canvas by differences between Scenes: unchanged pieces cost nothing."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from kiosk_ui.boxes import Box, apart
from kiosk_ui.drawing.pieces import DRAWINGS, Drawing, covers
from kiosk_ui.drawing.textures import TextureStore
from kiosk_ui.palettes import Colour
from kiosk_ui.scene import Piece, RoundedRectangle, Scene, Video

if TYPE_CHECKING:
    from kiosk_ui.drawing.video import VideoDrawing


class Moved(NamedTuple):
    """An area that a video has painted over completely."""

    box: Box
    key: str


class CanvasRenderer:
    """Holds the current Scene's drawings; the canvas has those that the next frame needs."""

    def __init__(self, canvas: Any, height_px: int, wake: Callable[[], None]) -> None:
        """Create the renderer. ``wake`` is called from another thread when there are frames to take."""
        self._canvas = canvas
        self._height_px = height_px
        self._wake = wake
        self._textures = TextureStore()
        self._pieces: dict[str, Piece] = {}
        self._drawings: dict[str, Drawing] = {}
        self._hung: list[Any] = []
        self.videos: dict[str, VideoDrawing] = {}

    def show(self, scene: Scene) -> list[Box]:
        """Update the drawings. Return the changed areas, without overlaps."""
        before, after = self._pieces, scene.pieces
        changed = [key for key in before.keys() | after.keys() if before.get(key) != after.get(key)]
        places = [self._drawings[key].reach for key in changed if key in before]
        for key in changed:
            self._change(key, before.get(key), after.get(key))
        self._pieces, self._drawings = after, {key: self._drawings[key] for key in after}
        return apart(places + [self._drawings[key].reach for key in changed if key in after])

    def take_frames(self) -> tuple[list[Box], list[Moved]]:
        """Update videos. Return the changed areas, and those only painted over."""
        changed, moved = [], []
        for key, video in self.videos.items():
            if change := video.take_frame():
                if change.is_covered:
                    moved.append(Moved(change.box, key))
                else:
                    changed.append(change.box)
        return changed, moved

    def attach(self, place: Box) -> Colour | None:
        """Attach what is visible in an area to the canvas. Return the colour that covers the rest, if any."""
        seen: list[str] = []
        ground = None
        for key, drawing in self._drawings.items():
            if drawing.reach.overlaps(place):
                piece = self._pieces[key]
                if isinstance(piece, RoundedRectangle) and covers(piece, place):
                    seen, ground = [], piece.fill
                else:
                    seen.append(key)
        self._hang(seen)
        return ground

    def attach_over(self, moved: Moved) -> None:
        """Attach a video to the canvas, and what lies over it."""
        keys = list(self._drawings)
        above = keys[keys.index(moved.key) + 1 :]
        seen = [key for key in above if self._drawings[key].reach.overlaps(moved.box)]
        self._hang(seen, first=[self.videos[moved.key].picture])

    def _hang(self, keys: Iterable[str], first: Iterable[Any] = ()) -> None:
        groups = [*first, *(group for key in keys for group in self._drawings[key].groups)]
        if groups == self._hung:
            return
        self._hung = groups
        self._canvas.clear()
        for group in groups:
            self._canvas.add(group)

    def _change(self, key: str, before: Piece | None, after: Piece | None) -> None:
        if type(before) is not type(after):
            if key in self.videos:
                self.videos.pop(key).close()
            if after is not None:
                self._drawings[key] = self._new_drawing(key, after)
        if after is not None:
            self._drawings[key].show(after)

    def _new_drawing(self, key: str, piece: Piece) -> Drawing:
        if not isinstance(piece, Video):
            return DRAWINGS[type(piece)](self._textures, self._height_px)
        # Only for calls: the window starts without it.
        from kiosk_ui.drawing.video import VideoDrawing

        self.videos[key] = VideoDrawing(self._textures, self._height_px, self._wake)
        return self.videos[key]
