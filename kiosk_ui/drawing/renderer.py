"""What paints: a graphics chip, or Mesa on the processor (llvmpipe)."""

from functools import cache
from typing import Literal

from kivy.graphics.opengl import GL_RENDERER, glGetString
from kivy.graphics.opengl_utils import gl_has_extension


@cache
def paints_in_software() -> bool:
    """Every pixel costs the processor time."""
    return b"llvmpipe" in glGetString(GL_RENDERER)


@cache
def colour_order() -> Literal["bgra", "rgba"]:
    """Of textures in memory: blue first, where it may be, is what displays and Mesa's quickest ways have."""
    return "bgra" if gl_has_extension("EXT_bgra") else "rgba"
