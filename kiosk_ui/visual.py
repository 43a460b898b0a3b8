"""Selects the X visual: one without depth and stencil, which are not used.

Without a GPU Mesa (llvmpipe) paints flat pictures in a third of the time and less, but only into such a
window. Kivy asks SDL for both, and has no setting for it.
"""

import ctypes
from collections.abc import MutableMapping

_VISUAL = "SDL_VIDEO_X11_WINDOW_VISUALID"
# In the order of the GLX 1.4 protocol (GetVisualConfigs): true colour in RGBA mode; bits of red, green, blue
# and alpha; of an accumulation buffer; double, not stereo; bits of all colours, depth and stencil; no more
# buffers or levels.
_FLAT = [4, 1, *(8, 8, 8, 0), *(0, 0, 0, 0), 1, 0, *(24, 0, 0), *(0, 0)]


def choose_visual(environment: MutableMapping[str, str]) -> None:
    """Set SDL's visual; without a match it uses Kivy's."""
    name = environment.get("DISPLAY", "")
    if environment.get("SDL_VIDEODRIVER", "x11") != "x11" or not name:
        return
    try:
        visuals = _visuals(name)
    except OSError:
        return
    flat = next((identity for identity, *properties in visuals if properties == _FLAT), None)
    if flat is not None:
        environment.setdefault(_VISUAL, hex(flat))


def _visuals(name: str) -> list[list[int]]:
    """Return each visual's number and first properties. Raises ``OSError`` without X display or GLX."""
    xcb, glx = ctypes.CDLL("libxcb.so.1"), ctypes.CDLL("libxcb-glx.so.0")
    xcb.xcb_connect.restype = glx.xcb_glx_get_visual_configs_reply.restype = ctypes.c_void_p
    glx.xcb_glx_get_visual_configs_property_list.restype = ctypes.POINTER(ctypes.c_uint32)
    screen = ctypes.c_int()
    display = ctypes.c_void_p(xcb.xcb_connect(name.encode(), ctypes.byref(screen)))
    reply = ctypes.c_void_p()
    try:
        if xcb.xcb_connection_has_error(display):
            raise OSError("no X display")
        asked = glx.xcb_glx_get_visual_configs(display, screen)
        reply.value = glx.xcb_glx_get_visual_configs_reply(display, asked, None)
        if reply.value is None:
            raise OSError("no GLX")
        _, _, count, width = ctypes.cast(reply, ctypes.POINTER(ctypes.c_uint32))[:4]
        if width <= len(_FLAT):
            raise OSError("another GLX")
        properties = glx.xcb_glx_get_visual_configs_property_list(reply)
        return [properties[start : start + 1 + len(_FLAT)] for start in range(0, count * width, width)]
    finally:
        ctypes.CDLL(None).free(reply)
        xcb.xcb_disconnect(display)
