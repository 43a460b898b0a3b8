"""Text entry with the on-screen keyboard."""

from msgspec import Struct
from msgspec.structs import replace

from device.window_protocol.intents import TypeKey
from device.window_protocol.model import Layout


class Typing(Struct, frozen=True, kw_only=True):
    """The text so far, and the visible keys. A capital counts for one letter."""

    text: str = ""
    layout: Layout = "letters"
    group: str = ""


def typed(typing: Typing, touched: TypeKey, most: int = 500) -> Typing:
    """Return the next state; ``done`` changes nothing, its page handles the text."""
    if touched.is_group:
        return replace(typing, group=touched.key)
    match touched.key:
        case "done":
            return typing
        case "erase" if typing.group:
            return replace(typing, group="")
        case "erase":
            return replace(typing, text=typing.text[:-1])
        case "shift":
            return replace(typing, layout="letters" if typing.layout == "capitals" else "capitals")
        case "figures" | "letters":
            return replace(typing, layout=touched.key, group="")
    layout = typing.layout if typing.layout == "figures" else "letters"
    return Typing(text=(typing.text + touched.key[:1])[:most], layout=layout)
