"""Video on the canvas, from a file of pictures that a call process writes."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from kivy.graphics import InstructionGroup, Rectangle

from kiosk_ui.boxes import NOWHERE, Box
from kiosk_ui.drawing.mixing import MixedBySdl, MixedByShader, Mixer
from kiosk_ui.drawing.renderer import paints_in_software
from kiosk_ui.drawing.textures import TextureStore
from kiosk_ui.feed import Feed
from kiosk_ui.scene import RoundedRectangle, Video


class Change(NamedTuple):
    """An area to redraw. ``is_covered``: its previous content is completely painted over."""

    box: Box
    is_covered: bool


class VideoDrawing:
    """A video; invisible before its first frame and after its writer is gone.

    ``picture`` alone covers what it covered before.
    """

    def __init__(self, textures: TextureStore, height_px: int, wake: Callable[[], None]) -> None:
        self.picture = InstructionGroup()
        self._ground = InstructionGroup()
        self.groups = (self._ground, self.picture)
        self.reach = NOWHERE
        self._textures = textures
        self._height_px = height_px
        self._wake = wake
        self._video: Video | None = None
        self._feed: Feed | None = None
        self._mixer: Mixer | None = None
        self._size = (0, 0)

    def show(self, video: Video) -> None:
        """Change place and source; the same source is not opened again."""
        if self._video is None or self._video.path != video.path:
            self.close()
            self._feed = Feed(Path(video.path), self._wake)
        self._video, self.reach = video, video.box
        if self._mixer:
            self._hang(video, self._mixer)

    def take_frame(self) -> Change | None:
        """Update to the newest frame; return the area to redraw."""
        if self._feed is None or self._video is None:
            return None
        is_new, frame = self._feed.take()
        if not is_new:
            return None
        if frame is None:
            self._hide()
            return Change(self._video.box, is_covered=False)
        size = frame.width_px, frame.height_px
        if self._mixer and self._size == size:
            self._mixer.take(frame)
            return Change(self._picture_box(self._video.box), is_covered=True)
        self._size = size
        self._mixer = (MixedBySdl if paints_in_software() else MixedByShader)(*size)
        self._mixer.take(frame)
        self._hang(self._video, self._mixer)
        return Change(self._video.box, is_covered=False)

    def await_frame(self, patience_s: float) -> None:
        """Wait for a first frame, for a still picture."""
        if self._feed:
            self._feed.has_begun(patience_s)

    def close(self) -> None:
        """Close the source, and take the video off the canvas."""
        if self._feed:
            self._feed.close()
            self._feed = None
        self._hide()

    def _hide(self) -> None:
        for group in self.groups:
            group.clear()
        self._mixer, self._size = None, (0, 0)

    def _hang(self, video: Video, mixer: Mixer) -> None:
        for group in self.groups:
            group.clear()
        ground = self._textures.rectangle(RoundedRectangle(video.box, video.ground, radius_px=0)).texture
        self._ground.add(Rectangle(texture=ground, **self._place(video.box)))
        mixer.attach(self.picture, self._place(self._picture_box(video.box)))

    def _picture_box(self, box: Box) -> Box:
        """Return the largest centred box with the picture's aspect ratio."""
        width, height = self._size
        scale = min(box.width / width, box.height / height)
        return box.middle(max(1, round(width * scale)), max(1, round(height * scale)))

    def _place(self, box: Box) -> dict[str, tuple[int, int]]:
        return {"pos": (box.x, self._height_px - box.bottom), "size": (box.width, box.height)}
