"""The window on the display: Kivy's, driven by events."""

from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

from kivy.clock import Clock
from kivy.core.window import Window
from kivy.graphics.opengl import (
    GL_COLOR_BUFFER_BIT,
    GL_RGBA,
    GL_SCISSOR_TEST,
    GL_STENCIL_TEST,
    GL_UNSIGNED_BYTE,
    glClear,
    glClearColor,
    glDisable,
    glEnable,
    glFinish,
    glReadPixels,
    glScissor,
)
from PIL import Image

from device.window_protocol.messages import Picture
from kiosk_ui.boxes import Box, apart
from kiosk_ui.drawing.canvas_renderer import CanvasRenderer, Moved
from kiosk_ui.drawing.renderer import paints_in_software
from kiosk_ui.palettes import Colour
from kiosk_ui.panel import Panel
from kiosk_ui.scene import Scene
from kiosk_ui.sdl import partial_copy, video_driver

LARGEST_PICTURE_BYTES = 500_000
# Pictures have their own colours: a colour to multiply by would disable Mesa's fastest path.
AS_THE_TEXTURE = """
$HEADER$
void main(void) {
    gl_FragColor = texture2D(texture0, tex_coord0);
}
"""


class KioskWindow:
    """One per process: Kivy opens its window when it is imported."""

    def __init__(self, width_mm: float, wake: Callable[[], None] = lambda: None) -> None:
        """Open the window. ``wake`` is called from another thread when there are frames to take."""
        self.panel = Panel(int(Window.width), int(Window.height), width_mm)
        self._whole = Box(0, 0, self.panel.width_px, self.panel.height_px)
        self._renderer = CanvasRenderer(Window.canvas, self.panel.height_px, wake)
        self._ground = Colour(0, 0, 0)
        self._damage = [self._whole]
        self._moved: list[Moved] = []
        # Software rendering copies each frame to the display and keeps it; a GPU swaps buffers.
        self._keeps_frame = paints_in_software() and video_driver() == b"x11"
        self._copy = partial_copy() if self._keeps_frame else None
        self._uncopied: list[Box] = []
        Window.render_context.shader.fs = AS_THE_TEXTURE
        # Kivy's clipping is not used here, and would cost time for every pixel.
        glDisable(GL_STENCIL_TEST)
        for event in Clock.get_events():
            # Kivy's caches are not used here, and would be purged every second.
            event.cancel()

    def clear(self, ground: Colour) -> None:
        """Set the background colour; a change draws the whole window anew."""
        if ground == self._ground:
            return
        self._ground, self._damage = ground, [self._whole]

    def show(self, scene: Scene) -> bool:
        """Draw a Scene on the canvas. Return whether a frame is needed."""
        self.clear(scene.ground)
        self._invalidate(self._renderer.show(scene))
        return bool(self._damage)

    def take_frames(self) -> bool:
        """Update videos. Return whether there is something to draw."""
        changed, moved = self._renderer.take_frames()
        self._moved += moved
        self._invalidate(changed)
        return bool(self._damage or self._moved)

    def await_frames(self, patience_s: float) -> None:
        """Wait for the first frames of videos, for a still picture."""
        for video in self._renderer.videos.values():
            video.await_frame(patience_s)
        self.take_frames()

    def _invalidate(self, places: list[Box]) -> None:
        """Invalidate these areas, and videos in them."""
        seen = [place.common(self._whole) for place in places if place.overlaps(self._whole)]
        if seen:
            self._damage = apart([*self._damage, *seen, *(moved.box for moved in self._moved)])
            self._moved = []

    def events(self) -> Iterator[tuple[Any, ...]]:
        """Yield SDL's events as Kivy's tuples: a name, then values."""
        Clock.tick()
        # Kivy has no public method to read one event; its own loop polls at the frame rate.
        while (event := Window._win.poll()) is not False:  # noqa: SLF001
            if event is not None:
                yield event

    def draw(self) -> None:
        """Draw a frame into the back buffer: only changes, where the last one is still there."""
        if not self._keeps_frame:
            self._damage, self._moved = [self._whole], []
        glEnable(GL_SCISSOR_TEST)
        for place in self._damage:
            self._cut_out(place)
            _clear(self._renderer.attach(place) or self._ground)
            Window.render_context.draw()
        for moved in self._moved:
            self._cut_out(moved.box)
            self._renderer.attach_over(moved)
            Window.render_context.draw()
        glDisable(GL_SCISSOR_TEST)
        self._uncopied = [*self._damage, *(moved.box for moved in self._moved)]
        self._damage, self._moved = [], []

    def _cut_out(self, place: Box) -> None:
        glScissor(place.x, self.panel.height_px - place.bottom, place.width, place.height)

    def flip(self) -> None:
        """Show the frame; returns when it is on the display."""
        if self._copy and self._uncopied:
            for place in self._uncopied:
                self._copy(place.x, self.panel.height_px - place.bottom, place.width, place.height)
        else:
            Window.flip()
        self._uncopied = []
        glFinish()

    def pixels(self) -> Image.Image:
        """Draw everything again and read the pixels."""
        self._damage, self._moved = [self._whole], []
        self.draw()
        width, height = self.panel.width_px, self.panel.height_px
        data = glReadPixels(0, 0, width, height, GL_RGBA, GL_UNSIGNED_BYTE)
        picture = Image.frombytes("RGBA", (width, height), data).convert("RGB")
        return picture.transpose(Image.Transpose.FLIP_TOP_BOTTOM)


def _clear(ground: Colour) -> None:
    glClearColor(*(part / 255 for part in ground[:3]), 1.0)
    glClear(GL_COLOR_BUFFER_BIT)


def as_jpeg(pixels: Image.Image) -> Picture:
    """Encode as JPEG, small enough to send."""
    for quality in (85, 70, 50, 30):
        file = BytesIO()
        pixels.save(file, "JPEG", quality=quality)
        if file.tell() <= LARGEST_PICTURE_BYTES:
            break
    return Picture(pixels.width, pixels.height, file.getvalue())
