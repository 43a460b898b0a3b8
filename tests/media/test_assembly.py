"""Complete pictures from RTP packets, and nothing that a decoder could not decode."""

import random
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from device.media.assembly import HOLE_PATIENCE_S, Assembly, EncodedPicture
from tests.examples import examples

_BEGINS, _GOES_ON = b"\x10", b"\x00"
_KEY, _DELTA = 0, 1


def packets(
    pictures: int, *, parts: int = 3, keys: tuple[int, ...] = (0,), first: int = 0
) -> Iterator[dict[str, object]]:
    """Yield packets of pictures; each has its number in its data."""
    for number in range(pictures):
        for part in range(parts):
            kind = _KEY if number in keys else _DELTA
            yield {
                "sequence": (first + number * parts + part) % 2**16,
                "timestamp": 3000 * number,
                "marker": part == parts - 1,
                "payload": _BEGINS if part == 0 else _GOES_ON,
                "data": bytes([kind, number]) if part == 0 else bytes([part]),
            }


def add(assembly: Assembly, packet: dict[str, object], now_s: float) -> list[EncodedPicture]:
    fields = dict(packet)
    return assembly.add(fields.pop("sequence"), now_s=now_s, **fields)  # type: ignore[arg-type]


def numbers(pictures: list[EncodedPicture]) -> list[int]:
    return [picture.data[1] for picture in pictures]


def test_a_picture_is_whole_with_its_last_packet() -> None:
    """It does not wait for the next picture."""
    assembly = Assembly()
    first, second, third = packets(1)
    assert add(assembly, first, 0.0) == add(assembly, second, 0.0) == []
    assert add(assembly, third, 0.0) == [EncodedPicture(0, b"\x00\x00\x01\x02", is_key=True)]


def test_packets_that_overtake_each_other_are_put_in_order() -> None:
    """Also where the sequence numbers wrap around."""
    assembly, seen = Assembly(), []
    line = list(packets(60, first=2**16 - 50))
    chance = random.Random(1)
    shuffled = line[:3] + sorted(line[3:], key=lambda packet: line.index(packet) + 4 * chance.random())
    for packet in shuffled + line[-5:]:
        seen += add(assembly, packet, 0.0)
    assert numbers(seen) == list(range(60))


def test_a_missing_packet_is_asked_for_again_and_waited_for() -> None:
    """When it arrives, all the pictures after it follow."""
    assembly, seen = Assembly(), []
    line = list(packets(8))
    for number, packet in enumerate(line):
        if number not in (10, 13):
            seen += add(assembly, packet, number * 0.01)
    assert numbers(seen) == [0, 1, 2]
    assert assembly.hole_age_s(0.25) == pytest.approx(0.14)
    assert assembly.missing(0.25) == [10, 13]
    assert assembly.missing(0.26) == []
    assert numbers(add(assembly, line[10], 0.3) + add(assembly, line[13], 0.3)) == [3, 4, 5, 6, 7]
    assert assembly.hole_age_s(0.3) == 0.0
    assert not assembly.wants_key_picture(0.3)


def test_a_hole_is_given_up_and_a_key_picture_asked_for() -> None:
    """No picture that depends on a missing one is shown; it resumes with the next key frame."""
    assembly, seen = Assembly(), []
    asked = 0
    for number, packet in enumerate(packets(80, keys=(0, 60))):
        now_s = number / 90
        if number != 30:
            seen += add(assembly, packet, now_s)
        asked += assembly.wants_key_picture(now_s)
    assert numbers(seen) == [*range(10), *range(60, 80)]
    assert 1 <= asked <= 4


def test_a_key_picture_behind_a_hole_is_not_kept_waiting() -> None:
    """What is missing before a key frame is not needed any more."""
    assembly, seen = Assembly(), []
    for number, packet in enumerate(packets(20, keys=(0, 5))):
        if number != 10:
            seen += add(assembly, packet, number * 0.001)
    assert numbers(seen) == [0, 1, 2, *range(5, 20)]


def test_it_begins_with_a_key_picture() -> None:
    """A receiver that starts in the middle requests a key frame, ten times a second at most."""
    assembly, seen = Assembly(), []
    asked = []
    for number, packet in enumerate(packets(30, keys=(20,))):
        seen += add(assembly, packet, number / 90)
        if assembly.wants_key_picture(number / 90):
            asked.append(number)
    assert numbers(seen) == list(range(20, 30))
    assert asked == [0, 9, 18, 28, 38, 47, 57]


@settings(max_examples=examples(100))
@given(st.integers(), st.floats(0, 0.2))
def test_only_a_key_picture_follows_a_gap(seed: int, loss: float) -> None:
    """After any loss a decoder never gets a picture whose predecessor is missing."""
    assembly, seen, chance = Assembly(), [], random.Random(seed)
    for number, packet in enumerate(packets(200, keys=tuple(range(0, 200, 30)))):
        if chance.random() >= loss:
            seen += add(assembly, packet, number / 90)
    shown = numbers(seen)
    assert shown == sorted(shown)
    for before, picture in zip([-1, *shown], seen, strict=False):
        assert picture.is_key or picture.data[1] == before + 1


def test_the_patience_is_short() -> None:
    """A face that freezes for longer is noticed."""
    assert HOLE_PATIENCE_S <= 0.5
