"""Validates a browser's session description (RFC 8866) before it is sent to a device."""

import re

from cloud.calls.errors import NotADescription

LARGEST = 64_000
LONGEST_LINE = 4_000
MOST_SECTIONS = 8
_LINE = re.compile(r"[a-z]=[^\x00-\x08\x0a-\x1f]*")
# What a device needs to answer: audio, where to send it (RFC 8839), and the key's fingerprint (RFC 8122).
_NEEDED = ("m=audio ", "a=ice-ufrag:", "a=ice-pwd:", "a=fingerprint:sha-256 ")


def checked(text: object) -> str:
    """Return the offer unchanged. Raises ``NotADescription``."""
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
