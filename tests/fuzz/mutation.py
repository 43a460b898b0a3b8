"""Valid samples made wrong: octets changed, cut, doubled and joined, and strange values put into JSON."""

import json
from collections.abc import Sequence
from random import Random
from typing import Any

LARGEST_BYTES = 200_000
_STRANGE_OCTETS = (
    b"\x00",
    b"\xff",
    b"\r\n",
    b"\x1a",
    b"\x80",
    b"\xf0\x9f\x91\xb5",
    b'"',
    b"{",
    b":",
    b"-1",
    b"9" * 40,
    # Deeper than Python's readers of JSON go.
    b"[" * 3000,
)
# fmt: off
STRANGE_JSON: tuple[str, ...] = (
    "null", "true", "-1", "0", "9223372036854775808", "1e308", "[]", "{}", "[[[[]]]]", '{"kind": "ring"}',
    '""',
    r'"\u0000"', r'"\ud800"', '"ab/cd"', '"../.."', '"<b>"', '"9999-12-31T23:59:59Z"',
    '"0001-01-01T00:00:00+14:00"', f'"{"Å" * 5000}"',
)
# fmt: on


def mutated(samples: Sequence[bytes], random: Random) -> bytes:
    """One input of at most ``LARGEST_BYTES``: a sample with one to eight changes."""
    octets = random.choice(samples)
    if octets[:1] in (b"{", b"[") and random.random() < 0.6:
        return _json(octets, random)
    for _ in range(random.randint(1, 8)):
        octets = random.choice(_CHANGES)(octets, samples, random)
    return octets[:LARGEST_BYTES]


def _flip(octets: bytes, _samples: Sequence[bytes], random: Random) -> bytes:
    if not octets:
        return octets
    at = random.randrange(len(octets))
    return octets[:at] + bytes((octets[at] ^ 1 << random.randrange(8),)) + octets[at + 1 :]


def _insert(octets: bytes, _samples: Sequence[bytes], random: Random) -> bytes:
    at = random.randint(0, len(octets))
    return octets[:at] + random.choice(_STRANGE_OCTETS) + octets[at:]


def _cut(octets: bytes, _samples: Sequence[bytes], random: Random) -> bytes:
    first, last = sorted((random.randint(0, len(octets)), random.randint(0, len(octets))))
    return octets[:first] + octets[last:] if last - first < len(octets) // 2 else octets[:last]


def _double(octets: bytes, _samples: Sequence[bytes], random: Random) -> bytes:
    first = random.randint(0, len(octets))
    part = octets[first : first + random.choice((1, 8, 80))]
    return octets[:first] + part * random.choice((2, 3, 100)) + octets[first:]


def _join(octets: bytes, samples: Sequence[bytes], random: Random) -> bytes:
    other = random.choice(samples)
    return octets[: random.randint(0, len(octets))] + other[random.randint(0, len(other)) :]


def _swap_lines(octets: bytes, _samples: Sequence[bytes], random: Random) -> bytes:
    lines = octets.splitlines(keepends=True)
    random.shuffle(lines)
    return b"".join(lines)


_CHANGES = (_flip, _flip, _insert, _insert, _cut, _double, _join, _swap_lines)


def _json(octets: bytes, random: Random) -> bytes:
    """Still JSON, with one to three of its values replaced by strange ones or left out."""
    value = json.loads(octets)
    for _ in range(random.randint(1, 3)):
        holders = list(_holders(value))
        if not holders:
            break
        holder = random.choice(holders)
        key: Any = random.choice(list(holder) if isinstance(holder, dict) else range(len(holder)))
        if random.random() < 0.2:
            del holder[key]
        else:
            holder[key] = json.loads(random.choice(STRANGE_JSON))
    return json.dumps(value).encode()


def _holders(value: Any) -> list[Any]:
    """Every object and list in it that is not empty."""
    found, waiting = [], [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict | list) and each:
            found.append(each)
            waiting += each.values() if isinstance(each, dict) else each
    return found
