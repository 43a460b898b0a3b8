"""Framing of the media socket: a four-byte big-endian length and that many bytes of JSON."""

import asyncio
from typing import TypeVar

import msgspec
from msgspec import Struct

# An offer of the largest size, fully escaped, with room for the fields around it.
LARGEST_FRAME_BYTES = 200_000

T = TypeVar("T")


class NotOurs(Exception):
    """Received bytes that are no valid message; the text says why."""


def packed(message: Struct) -> bytes:
    """Encode a message with its length."""
    body = msgspec.json.encode(message)
    return len(body).to_bytes(4) + body


async def read(reader: asyncio.StreamReader, decoder: "msgspec.json.Decoder[T]") -> T | None:
    """Return the next message, or None where the other end has closed. Raises ``NotOurs``."""
    try:
        size = int.from_bytes(await reader.readexactly(4))
        if size > LARGEST_FRAME_BYTES:
            raise NotOurs(f"a frame of {size} bytes is more than {LARGEST_FRAME_BYTES}")
        return decoder.decode(await reader.readexactly(size))
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise NotOurs(str(error)) from None
