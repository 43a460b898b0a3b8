"""Converts YUV planes to a picture: on the GPU or, without one, by SDL."""

import ctypes
from typing import Any, Protocol

from kivy.graphics import BindTexture, Callback, Rectangle, RenderContext
from kivy.graphics.opengl import GL_BLEND, glDisable, glEnable
from kivy.graphics.texture import Texture

from device.window_protocol.frames import VideoFrame
from kiosk_ui.drawing.renderer import colour_order
from kiosk_ui.sdl import loaded_sdl

# ITU-R BT.601, limited range: black is 16, white 235. SDL has the same by default.
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
# SDL_pixels.h: planes Y, U and V; and four octets a pixel, in the order of memory.
_PLANES = 0x56555949
_POINTS = {"bgra": 0x16362004, "rgba": 0x16762004}
# Kivy counts rows from the bottom, pictures from the top.
_FROM_THE_TOP = (0.0, 1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0)


class Mixer(Protocol):
    """Textures of one picture size."""

    def take(self, frame: VideoFrame) -> None:
        """Update the textures from a frame in planes (I420)."""

    def attach(self, picture: Any, place: dict[str, tuple[int, int]]) -> None:
        """Attach the drawing instructions to the canvas, in that area."""


class MixedByShader:
    """Converts on a GPU while drawing."""

    def __init__(self, width_px: int, height_px: int) -> None:
        half = (width_px + 1) // 2, (height_px + 1) // 2
        sizes = (width_px, height_px), half, half
        self._planes = [Texture.create(size=size, colorfmt="luminance") for size in sizes]

    def take(self, frame: VideoFrame) -> None:
        """Upload the three planes; the shader mixes them while drawing."""
        for texture, plane in zip(self._planes, frame.planes, strict=True):
            texture.blit_buffer(plane, colorfmt="luminance", bufferfmt="ubyte")

    def attach(self, picture: Any, place: dict[str, tuple[int, int]]) -> None:
        """Attach the drawing instructions to the canvas, in that area."""
        y, u, v = self._planes
        mixer = RenderContext(fs=YUV_TO_RGB, use_parent_projection=True, use_parent_modelview=True)
        mixer["plane_u"], mixer["plane_v"] = 1, 2
        mixer.add(BindTexture(texture=u, index=1))
        mixer.add(BindTexture(texture=v, index=2))
        mixer.add(Rectangle(texture=y, tex_coords=_FROM_THE_TOP, **place))
        picture.add(mixer)


class MixedBySdl:
    """Converts before drawing where Mesa renders in software: a shader would take five times as long."""

    def __init__(self, width_px: int, height_px: int) -> None:
        self._order = colour_order()
        self._texture = Texture.create(size=(width_px, height_px), colorfmt=self._order, icolorfmt="rgba")
        self._mixed = bytearray(4 * width_px * height_px)
        self._target = (ctypes.c_char * len(self._mixed)).from_buffer(self._mixed)
        self._convert = loaded_sdl().SDL_ConvertPixels

    def take(self, frame: VideoFrame) -> None:
        """Mix the planes with SDL, and upload one picture. Raises ``RuntimeError`` where SDL cannot."""
        width, height = frame.width_px, frame.height_px
        points = _POINTS[self._order]
        if self._convert(width, height, _PLANES, frame.octets, width, points, self._target, 4 * width):
            raise RuntimeError("SDL cannot mix pictures")
        self._texture.blit_buffer(self._mixed, colorfmt=self._order, bufferfmt="ubyte")

    def attach(self, picture: Any, place: dict[str, tuple[int, int]]) -> None:
        """Attach the drawing instructions to the canvas, in that area."""
        picture.add(Callback(lambda _: glDisable(GL_BLEND)))
        picture.add(Rectangle(texture=self._texture, tex_coords=_FROM_THE_TOP, **place))
        picture.add(Callback(lambda _: glEnable(GL_BLEND)))
