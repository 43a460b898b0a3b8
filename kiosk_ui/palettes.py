"""Colours of day and night. Text has a contrast of at least 7:1 (WCAG 2.2, 1.4.6)."""

from functools import cache
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from device.window_protocol.model import Style


class Colour(NamedTuple):
    """Red, green, blue and opacity, each 0 to 255."""

    red: int
    green: int
    blue: int
    opacity: int = 255

    @property
    def luminance(self) -> float:
        """Return the relative luminance (WCAG 2.2)."""
        linear = [_linear(part / 255) for part in (self.red, self.green, self.blue)]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    def mixed(self, other: "Colour", part: float) -> "Colour":
        """Return this colour mixed with another."""
        pairs = zip(self[:3], other[:3], strict=True)
        return Colour(*(round(mine + (theirs - mine) * part) for mine, theirs in pairs))


class Paint(NamedTuple):
    """A background with its text colour; ``soft`` is for secondary text."""

    ground: Colour
    ink: Colour
    soft: Colour
    edge: Colour


class Palette(Struct, frozen=True):
    """One paint for each meaning. ``border`` surrounds a forced call.

    ``outline`` is the edge of buttons whose colours are too close to the background (3:1).
    """

    room: Paint
    card: Paint
    chosen: Paint
    action: Paint
    switched: Paint
    help: Paint
    answer: Paint
    hang_up: Paint
    urgent: Paint
    open: Paint
    news: Paint
    watched: Paint
    border: Colour
    available: Colour
    busy: Colour
    away: Colour
    avatars: tuple[Paint, ...]
    shadow: Colour
    outline: Colour

    def paints(self) -> list[tuple[str, Paint]]:
        """Return all backgrounds with their text colours, for contrast tests."""
        named = [(name, getattr(self, name)) for name in self.__struct_fields__]
        single = [(name, value) for name, value in named if isinstance(value, Paint)]
        return single + [(f"avatars[{index}]", paint) for index, paint in enumerate(self.avatars)]


def contrast(one: Colour, other: Colour) -> float:
    """Return the contrast ratio of two opaque colours (WCAG 2.2)."""
    lighter, darker = sorted((one.luminance, other.luminance), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@cache
def palette_for(style: Style) -> Palette:
    """Return the palette of a style."""
    if style.high_contrast:
        return STARK_NIGHT if style.palette == "night" else STARK_DAY
    return NIGHT if style.palette == "night" else DAY


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def _hex(code: str) -> Colour:
    return Colour(*bytes.fromhex(code))


def _paint(ground: str, ink: str, soft: str | None = None, edge: str | None = None) -> Paint:
    return Paint(_hex(ground), _hex(ink), _hex(soft or ink), _hex(edge or ground))


DAY = Palette(
    room=_paint("F4EFE6", "1E2A35", "3F4A54"),
    card=_paint("FFFDF9", "1E2A35", "46515B"),
    chosen=_paint("DDEBF2", "12354A", "12354A", "1F6A8C"),
    action=_paint("E4EDEB", "12403C", "12403C"),
    switched=_paint("2B3A45", "FFFFFF", "FFFFFF"),
    help=_paint("A8141F", "FFFFFF", "FFFFFF"),
    answer=_paint("0E5A2B", "FFFFFF", "FFFFFF"),
    hang_up=_paint("FBE3E0", "7A0F17", "7A0F17", "B3202A"),
    urgent=_paint("FBD38A", "432200", "432200"),
    open=_paint("CFE9D2", "0B3D1B", "0B3D1B"),
    news=_paint("FCE7B5", "432B00", "432B00"),
    watched=_paint("E5DDF3", "38215F", "38215F"),
    border=_hex("5B2E9E"),
    available=_hex("1F7A3D"),
    busy=_hex("B3471B"),
    away=_hex("6A747C"),
    avatars=(
        _paint("D7E6F2", "173A5A"),
        _paint("F6DDD0", "5A2410"),
        _paint("DCEBD6", "1F451B"),
        _paint("E8DDF1", "42235F"),
        _paint("FBE6BC", "4A3200"),
        _paint("D2EBE8", "0D403C"),
    ),
    shadow=Colour(58, 44, 22, 34),
    outline=_hex("6F7A80"),
)

NIGHT = Palette(
    room=_paint("0F0D0B", "E9DCC9", "C7B9A5"),
    card=_paint("1B1815", "E9DCC9", "C7B9A5"),
    chosen=_paint("20303A", "DCEBF3", "DCEBF3", "6FA9C4"),
    action=_paint("25302F", "D9E6E3", "D9E6E3"),
    switched=_paint("D8CBB8", "1A1612", "1A1612"),
    help=_paint("6E1319", "FFE9E4", "FFE9E4"),
    answer=_paint("6FCF8A", "041F0B", "041F0B"),
    hang_up=_paint("2E1415", "FFD3CE", "FFD3CE", "D9646B"),
    urgent=_paint("4A3210", "FFE2B0", "FFE2B0"),
    open=_paint("18351F", "CFEBD5", "CFEBD5"),
    news=_paint("3D300F", "F8E3AE", "F8E3AE"),
    watched=_paint("30263F", "E6DAF6", "E6DAF6"),
    border=_hex("A98BE0"),
    available=_hex("63B77D"),
    busy=_hex("E08A5A"),
    away=_hex("9A938A"),
    avatars=(
        _paint("21303C", "CFE0EE"),
        _paint("3B261D", "F2D6C8"),
        _paint("22331F", "D3E6CD"),
        _paint("30263A", "E3D6EE"),
        _paint("372C14", "F2DFB4"),
        _paint("1B3331", "C9E5E1"),
    ),
    shadow=Colour(0, 0, 0, 0),
    outline=_hex("8A8379"),
)

_BLACK_ON_WHITE = _paint("FFFFFF", "000000", "000000", "000000")
_WHITE_ON_BLACK = _paint("000000", "FFFFFF", "FFFFFF", "FFFFFF")

STARK_DAY = replace(
    DAY,
    room=_paint("FFFFFF", "000000"),
    card=_BLACK_ON_WHITE,
    chosen=_paint("FFF3A6", "000000", "000000", "000000"),
    action=_BLACK_ON_WHITE,
    switched=_WHITE_ON_BLACK,
    help=_paint("8F0010", "FFFFFF", "FFFFFF", "000000"),
    answer=_paint("00501E", "FFFFFF", "FFFFFF", "000000"),
    hang_up=_paint("FFFFFF", "8F0010", "8F0010", "8F0010"),
    urgent=_paint("FFD24D", "000000", "000000", "000000"),
    open=_paint("D6F5D6", "000000", "000000", "000000"),
    news=_paint("FFE99A", "000000", "000000", "000000"),
    watched=_paint("EADCFF", "000000", "000000", "000000"),
    avatars=(_BLACK_ON_WHITE,),
    shadow=Colour(0, 0, 0, 0),
    outline=_hex("000000"),
)

STARK_NIGHT = replace(
    NIGHT,
    room=_paint("000000", "FFFFFF"),
    card=_WHITE_ON_BLACK,
    chosen=_paint("003A5C", "FFFFFF", "FFFFFF", "FFE14D"),
    action=_WHITE_ON_BLACK,
    switched=_BLACK_ON_WHITE,
    help=_paint("8F0010", "FFFFFF", "FFFFFF", "FFFFFF"),
    answer=_paint("7DE39B", "000000", "000000", "FFFFFF"),
    hang_up=_paint("000000", "FFB3B3", "FFB3B3", "FF7B7B"),
    urgent=_paint("FFD24D", "000000", "000000", "FFFFFF"),
    open=_paint("003D12", "FFFFFF", "FFFFFF", "FFFFFF"),
    news=_paint("FFE99A", "000000", "000000", "FFFFFF"),
    watched=_paint("37206B", "FFFFFF", "FFFFFF", "FFFFFF"),
    border=_hex("C9A8FF"),
    avatars=(_WHITE_ON_BLACK,),
    outline=_hex("FFFFFF"),
)
