"""Reads a font file's glyph coverage and widths from its tables (OpenType 1.9).

Opening a font at a size and hinting every letter costs a hundred times as much.
"""

import struct
from collections.abc import Mapping
from functools import cache
from pathlib import Path

UNICODE_ENCODINGS = {(3, 10), (0, 6), (0, 4), (3, 1), (0, 3)}


@cache
def covered(path: Path) -> Mapping[int, int]:
    """Return the glyph of each code point that has one; empty for a file that is no font."""
    try:
        data = path.read_bytes()
        return _code_points(data, _tables(data)["cmap"])
    except (OSError, KeyError, struct.error):
        return {}


@cache
def advances(path: Path) -> Mapping[int, float]:
    """Return the width of each code point, relative to the font size."""
    try:
        data = path.read_bytes()
        tables = _tables(data)
        (per_em,) = struct.unpack_from(">H", data, tables["head"] + 18)
        (count,) = struct.unpack_from(">H", data, tables["hhea"] + 34)
        widths = struct.unpack_from(">" + "Hh" * count, data, tables["hmtx"])[::2]
    except (OSError, KeyError, struct.error):
        return {}
    return {code: widths[min(glyph, count - 1)] / per_em for code, glyph in covered(path).items()}


def _tables(data: bytes) -> dict[str, int]:
    start = int.from_bytes(data[12:16], "big") if data[:4] == b"ttcf" else 0
    (count,) = struct.unpack_from(">H", data, start + 4)
    entries = (struct.unpack_from(">4sIII", data, start + 12 + 16 * index) for index in range(count))
    return {tag.decode("latin-1"): offset for tag, _, offset, _ in entries}


def _code_points(data: bytes, cmap: int) -> dict[int, int]:
    found: dict[int, int] = {}
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


def _segments(data: bytes, table: int) -> dict[int, int]:
    """Format 4: segments of the Basic Multilingual Plane; glyph 0 means there is none."""
    (doubled,) = struct.unpack_from(">H", data, table + 6)
    layout = f">{doubled // 2}H"
    ends, starts, deltas, ranges = (
        struct.unpack_from(layout, data, table + 14 + part * doubled + (2 if part else 0))
        for part in range(4)
    )
    found: dict[int, int] = {}
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
            glyph = (glyph + deltas[index]) & 0xFFFF
            if glyph:
                found[code] = glyph
    return found


def _groups(data: bytes, table: int) -> dict[int, int]:
    """Format 12: groups over the whole of Unicode."""
    (count,) = struct.unpack_from(">I", data, table + 12)
    found: dict[int, int] = {}
    for index in range(count):
        start, end, glyph = struct.unpack_from(">III", data, table + 16 + 12 * index)
        found |= {code: glyph + code - start for code in range(start, end + 1)}
    return found
