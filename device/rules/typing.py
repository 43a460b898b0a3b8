"""What was typed on the keyboard of the screen: one text, key by key."""

from msgspec import Struct
from msgspec.structs import replace

from device.window_protocol.intents import TypeKey
from device.window_protocol.model import Layout


class Typing(Struct, frozen=True, kw_only=True):
    """The text so far, and which keys are shown. A capital counts for one letter."""

    text: str = ""
    layout: Layout = "letters"
    group: str = ""


def typed(typing: Typing, touched: TypeKey, most: int = 500) -> Typing:
    """The next state; ``done`` changes nothing, its page knows what to do with the text."""
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
