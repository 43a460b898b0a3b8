"""Moving pictures: three planes of brightness and colour, mixed by the shader as they are drawn."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from kivy.graphics import BindTexture, Callback, Color, InstructionGroup, Rectangle, RenderContext
from kivy.graphics.opengl import GL_BLEND, glDisable, glEnable
from kivy.graphics.texture import Texture

from device.screen.frames import Frame
from kiosk_ui.boxes import NOWHERE, Box
from kiosk_ui.feed import Feed
from kiosk_ui.scene import Video

# ITU-R BT.601, limited range: black is 16, white 235.
YUV_TO_RGB = """
$HEADER$
uniform sampler2D plane_u;
uniform sampler2D plane_v;

void main(void) {
    float y = 1.164384 * (texture2D(texture0, tex_coord0).r - 0.062745);
    float u = texture2D(plane_u, tex_coord0).r - 0.501961;
    float v = texture2D(plane_v, tex_coord0).r - 0.501961;
    gl_FragColor = vec4(y + 1.596027 * v, y - 0.391762 * u - 0.812968 * v, y + 2.017232 * u, 1.0);
}
"""
# Kivy counts rows from the bottom, pictures from the top.
_FROM_THE_TOP = (0.0, 1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0)


class Change(NamedTuple):
    """Where something is to be drawn anew. ``is_covered``: what was there is wholly painted over."""

    box: Box
    is_covered: bool


class VideoDrawing:
    """Invisible until the first picture; again when whoever wrote them has gone.

    ``picture`` alone covers what it covered before.
    """

    def __init__(self, height_px: int, wake: Callable[[], None]) -> None:
        self.picture = InstructionGroup()
        self._ground = InstructionGroup()
        self.groups = (self._ground, self.picture)
        self.reach = NOWHERE
        self._height_px = height_px
        self._wake = wake
        self._video: Video | None = None
        self._feed: Feed | None = None
        self._planes: tuple[Any, ...] = ()
        self._size = (0, 0)

    def show(self, video: Video) -> None:
        """Brings place and source up to date."""
        if self._video is None or self._video.path != video.path:
            self.close()
            self._feed = Feed(Path(video.path), self._wake)
        self._video, self.reach = video, video.box
        if self._planes:
            self._place_planes(video)

    def take_frame(self) -> Change | None:
        """Brings the picture up to date."""
        if self._feed is None or self._video is None:
            return None
        is_new, frame = self._feed.take()
        if not is_new:
            return None
        if frame is None:
            self._hide()
            return Change(self._video.box, is_covered=False)
        is_other_size = self._size != (frame.width_px, frame.height_px)
        if is_other_size:
            self._make_planes(self._video, frame)
        for texture, plane in zip(self._planes, (frame.y, frame.u, frame.v), strict=True):
            texture.blit_buffer(plane, colorfmt="luminance", bufferfmt="ubyte")
        if is_other_size:
            return Change(self._video.box, is_covered=False)
        return Change(self._picture_box(self._video.box), is_covered=True)

    def await_frame(self, patience_s: float) -> None:
        """For one still picture of it."""
        if self._feed:
            self._feed.has_begun(patience_s)

    def close(self) -> None:
        """Lets go of the source."""
        if self._feed:
            self._feed.close()
            self._feed = None
        self._hide()

    def _hide(self) -> None:
        for group in self.groups:
            group.clear()
        self._planes, self._size = (), (0, 0)

    def _make_planes(self, video: Video, frame: Frame) -> None:
        self._size = frame.width_px, frame.height_px
        half = (frame.width_px + 1) // 2, (frame.height_px + 1) // 2
        self._planes = tuple(
            Texture.create(size=size, colorfmt="luminance") for size in (self._size, half, half)
        )
        for colour in self._planes[1:]:
            # Nobody sees colour as sharply as light; this is a third of the work without a graphics chip.
            colour.mag_filter = colour.min_filter = "nearest"
        self._place_planes(video)

    def _place_planes(self, video: Video) -> None:
        y, u, v = self._planes
        picture = self._picture_box(video.box)
        mixer = RenderContext(fs=YUV_TO_RGB, use_parent_projection=True, use_parent_modelview=True)
        mixer["plane_u"], mixer["plane_v"] = 1, 2
        # Where no graphics chip helps, mixing with what lies below costs as much as the picture.
        mixer.add(Callback(lambda _: glDisable(GL_BLEND)))
        mixer.add(BindTexture(texture=u, index=1))
        mixer.add(BindTexture(texture=v, index=2))
        mixer.add(Rectangle(texture=y, tex_coords=_FROM_THE_TOP, **self._place(picture)))
        mixer.add(Callback(lambda _: glEnable(GL_BLEND)))
        for group in self.groups:
            group.clear()
        self._ground.add(Color(*(part / 255 for part in video.ground)))
        self._ground.add(Rectangle(**self._place(video.box)))
        self.picture.add(mixer)

    def _picture_box(self, box: Box) -> Box:
        """As large as fits, in the middle, with its own shape."""
        width, height = self._size
        scale = min(box.width / width, box.height / height)
        return box.middle(max(1, round(width * scale)), max(1, round(height * scale)))

    def _place(self, box: Box) -> dict[str, tuple[int, int]]:
        return {"pos": (box.x, self._height_px - box.bottom), "size": (box.width, box.height)}
