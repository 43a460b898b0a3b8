"""A browser's session description (RFC 8866), looked at before it goes to a device."""

import re

from cloud.calls.errors import NotADescription

LARGEST = 64_000
LONGEST_LINE = 4_000
MOST_SECTIONS = 8
_LINE = re.compile(r"[a-z]=[^\x00-\x08\x0a-\x1f]*")
# What a device needs to answer: sound, where to send it (RFC 8839), and whose key to expect (RFC 8122).
_NEEDED = ("m=audio ", "a=ice-ufrag:", "a=ice-pwd:", "a=fingerprint:sha-256 ")


def checked(text: object) -> str:
    """The offer as it is, or ``NotADescription``."""
    if not isinstance(text, str) or not 0 < len(text) <= LARGEST or not text.isascii():
        raise NotADescription("not a text of a possible length")
    lines = text.replace("\r\n", "\n").rstrip("\n").split("\n")
    if lines[0] != "v=0":
        raise NotADescription("does not begin with v=0")
    if not all(len(line) <= LONGEST_LINE and _LINE.fullmatch(line) for line in lines):
        raise NotADescription("a line of it is none")
    if sum(line.startswith("m=") for line in lines) > MOST_SECTIONS:
        raise NotADescription("too many sections")
    for needed in _NEEDED:
        if not any(line.startswith(needed) for line in lines):
            raise NotADescription(f"has no {needed.strip()}")
    return text
