"""The length of a text as SMS, and its segments (3GPP TS 23.040, 9.2.3.24.1)."""

from typing import Literal, NamedTuple

from gsm0338.codec import Codec

Alphabet = Literal["GSM-7", "UCS-2"]
# Units in a single message, and in a segment of a longer one.
ALONE: dict[Alphabet, int] = {"GSM-7": 160, "UCS-2": 70}
PART: dict[Alphabet, int] = {"GSM-7": 153, "UCS-2": 67}
_ESCAPE = "\x1b"


class Length(NamedTuple):
    """A text's length as the mobile network counts it."""

    units: int
    parts: int
    alphabet: Alphabet


def length(text: str) -> Length:
    """Return units and segments; no segment ends within a character."""
    alphabet, sizes = _sizes(text)
    return Length(sum(sizes), len(split(text)), alphabet)


def split(text: str) -> list[str]:
    """Return the text in segments of maximum length."""
    alphabet, sizes = _sizes(text)
    if sum(sizes) <= ALONE[alphabet]:
        return [text]
    parts, room = [""], PART[alphabet]
    for character, size in zip(text, sizes, strict=True):
        if size > room:
            parts.append("")
            room = PART[alphabet]
        parts[-1] += character
        room -= size
    return parts


def encode(text: str, alphabet: Alphabet) -> bytes:
    """Encode the text for a gateway: one septet a byte, or UTF-16."""
    return text.encode(Codec.NAME) if alphabet == "GSM-7" else text.encode("utf-16-be")


def _sizes(text: str) -> tuple[Alphabet, list[int]]:
    try:
        if _ESCAPE not in text:
            return "GSM-7", [len(character.encode(Codec.NAME)) for character in text]
    except UnicodeEncodeError:
        pass
    return "UCS-2", [2 if ord(character) > 0xFFFF else 1 for character in text]
