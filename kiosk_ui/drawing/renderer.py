"""Detects the renderer: a GPU, or Mesa on the CPU (llvmpipe)."""

from functools import cache
from typing import Literal

from kivy.graphics.opengl import GL_RENDERER, glGetString
from kivy.graphics.opengl_utils import gl_has_extension


@cache
def paints_in_software() -> bool:
    """Return whether rendering is done by the CPU."""
    return b"llvmpipe" in glGetString(GL_RENDERER)


@cache
def colour_order() -> Literal["bgra", "rgba"]:
    """Return the byte order of textures: BGRA, where supported, is the fastest for displays and Mesa."""
    return "bgra" if gl_has_extension("EXT_bgra") else "rgba"
