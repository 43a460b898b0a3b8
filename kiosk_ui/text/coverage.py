"""Which characters a font file can draw, read from its ``cmap`` table (OpenType 1.9)."""

import struct
from functools import cache
from pathlib import Path

UNICODE_ENCODINGS = {(3, 10), (0, 6), (0, 4), (3, 1), (0, 3)}


@cache
def covered(path: Path) -> frozenset[int]:
    """Code points with a glyph of their own; none for a file that is no font."""
    try:
        data = path.read_bytes()
        return frozenset(_code_points(data, _cmap_offset(data)))
    except (OSError, struct.error):
        return frozenset()


def _cmap_offset(data: bytes) -> int:
    start = int.from_bytes(data[12:16], "big") if data[:4] == b"ttcf" else 0
    (count,) = struct.unpack_from(">H", data, start + 4)
    for index in range(count):
        tag, _, offset, _ = struct.unpack_from(">4sIII", data, start + 12 + 16 * index)
        if tag == b"cmap":
            return int(offset)
    raise struct.error("no cmap table")


def _code_points(data: bytes, cmap: int) -> set[int]:
    found: set[int] = set()
    (count,) = struct.unpack_from(">H", data, cmap + 2)
    for index in range(count):
        platform, encoding, offset = struct.unpack_from(">HHI", data, cmap + 4 + 8 * index)
        if (platform, encoding) not in UNICODE_ENCODINGS:
            continue
        table = cmap + offset
        (kind,) = struct.unpack_from(">H", data, table)
        if kind == 4:
            found |= _segments(data, table)
        elif kind == 12:
            found |= _groups(data, table)
    return found


def _segments(data: bytes, table: int) -> set[int]:
    """Format 4: segments of the Basic Multilingual Plane; glyph 0 means there is none."""
    (doubled,) = struct.unpack_from(">H", data, table + 6)
    layout = f">{doubled // 2}H"
    ends, starts, deltas, ranges = (
        struct.unpack_from(layout, data, table + 14 + part * doubled + (2 if part else 0)) for part in range(4)
    )
    found: set[int] = set()
    for index, (start, end) in enumerate(zip(starts, ends, strict=True)):
        if start == 0xFFFF:
            continue
        for code in range(start, end + 1):
            glyph = code
            if ranges[index]:
                place = table + 16 + 3 * doubled + 2 * index + ranges[index] + 2 * (code - start)
                (glyph,) = struct.unpack_from(">H", data, place)
                if not glyph:
                    continue
            if (glyph + deltas[index]) & 0xFFFF:
                found.add(code)
    return found


def _groups(data: bytes, table: int) -> set[int]:
    """Format 12: groups over the whole of Unicode."""
    (count,) = struct.unpack_from(">I", data, table + 12)
    found: set[int] = set()
    for index in range(count):
        start, end, _ = struct.unpack_from(">III", data, table + 16 + 12 * index)
        found.update(range(start, end + 1))
    return found
