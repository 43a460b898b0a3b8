"""Selects a font for each part of a text: Atkinson Hyperlegible; Noto for digits and missing letters."""

import unicodedata
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal, NamedTuple

import fontpkg_atkinson_hyperlegible
from PIL import ImageFont

from kiosk_ui.text.coverage import advances, covered

Weight = Literal["regular", "bold", "icon"]

ATKINSON = Path(fontpkg_atkinson_hyperlegible.ROOT) / "files"
SYSTEM_FONTS = Path("/usr/share/fonts/truetype")
ICONS = SYSTEM_FONTS / "materialdesignicons-webfont" / "materialdesignicons-webfont.ttf"
OWN = {
    "regular": ATKINSON / "AtkinsonHyperlegible-Regular.ttf",
    "bold": ATKINSON / "AtkinsonHyperlegible-Bold.ttf",
    "icon": ICONS,
}

# Atkinson's slashed zero looks like an 8 with blurred vision, and like an Ø to Danes: this one is plain.
PLAIN_FIGURES = "NotoSans"
FIGURES = frozenset("0123456789")

NOTO_SCRIPTS = (
    (0x0370, 0x052F, "NotoSans"),
    (0x0530, 0x058F, "NotoSansArmenian"),
    (0x0590, 0x05FF, "NotoSansHebrew"),
    (0x0600, 0x077F, "NotoSansArabic"),
    (0x0900, 0x097F, "NotoSansDevanagari"),
    (0x0980, 0x09FF, "NotoSansBengali"),
    (0x0A00, 0x0A7F, "NotoSansGurmukhi"),
    (0x0A80, 0x0AFF, "NotoSansGujarati"),
    (0x0B80, 0x0BFF, "NotoSansTamil"),
    (0x0C00, 0x0C7F, "NotoSansTelugu"),
    (0x0D80, 0x0DFF, "NotoSansSinhala"),
    (0x0E00, 0x0E7F, "NotoSansThai"),
    (0x10A0, 0x10FF, "NotoSansGeorgian"),
    (0x1200, 0x137F, "NotoSansEthiopic"),
    (0x1780, 0x17FF, "NotoSansKhmer"),
    (0xFB1D, 0xFB4F, "NotoSansHebrew"),
    (0xFB50, 0xFEFF, "NotoSansArabic"),
)
SHAPED_AT_PX = 64
# Letters are drawn on whole pixels, which can make a line slightly wider than its outlines.
HINTING = 1.01
FIRST_PICTOGRAM = 0x1F000
LAST_RESORTS = ("NotoSans", "NotoSansSymbols2", "NotoSansSymbols", "NotoEmoji", "NotoSansMath")


class Stretch(NamedTuple):
    """A piece of text that one font file draws."""

    font: Path
    text: str


@lru_cache(maxsize=2048)
def stretches(text: str, weight: Weight) -> tuple[Stretch, ...]:
    """Return the text in reading order, split where the font changes."""
    own = OWN[weight]
    if weight == "icon" or (text.isascii() and FIGURES.isdisjoint(text)):
        return (Stretch(own, text),)
    pieces: list[Stretch] = []
    for character in text:
        font = _font_for(character, weight, pieces[-1].font if pieces else own)
        if font is None:
            continue
        if pieces and pieces[-1].font == font:
            pieces[-1] = Stretch(font, pieces[-1].text + character)
        else:
            pieces.append(Stretch(font, character))
    return tuple(pieces) or (Stretch(own, "•"),)


def is_right_to_left(text: str) -> bool:
    """Return the direction of the first directional letter (Unicode Bidirectional Algorithm, P2 and P3)."""
    for character in text:
        direction = unicodedata.bidirectional(character)
        if direction in ("R", "AL"):
            return True
        if direction == "L":
            return False
    return False


@lru_cache(maxsize=128)
def font(path: Path, size_px: int) -> ImageFont.FreeTypeFont:
    """Return a font at one size. Only scripts that need it use complex shaping."""
    engine = ImageFont.Layout.BASIC if _is_plain(path) else ImageFont.Layout.RAQM
    return ImageFont.truetype(str(path), size_px, layout_engine=engine)


def width(text: str, weight: Weight, size_px: int) -> float:
    """Return the width of a line, in pixels."""
    return _width_em(text, weight) * size_px


@lru_cache(maxsize=8192)
def _width_em(text: str, weight: Weight) -> float:
    if weight == "icon":
        # All are square; parsing their many tables would take longer than laying out the page.
        return len(text) * HINTING
    return sum(_stretch_width_em(piece) for piece in stretches(text, weight))


def _stretch_width_em(piece: Stretch) -> float:
    if not _is_plain(piece.font):
        return float(font(piece.font, SHAPED_AT_PX).getlength(piece.text)) / SHAPED_AT_PX
    widths = advances(piece.font)
    missing = widths.get(0x20, 0.5)
    return sum(widths.get(ord(character), missing) for character in piece.text) * HINTING


@cache
def _is_plain(path: Path) -> bool:
    """Return whether letters are placed side by side without shaping."""
    return path.parent == ATKINSON or path == ICONS or path.name.startswith(f"{PLAIN_FIGURES}-")


def _font_for(character: str, weight: Weight, current: Path) -> Path | None:
    """Return the font of a character; the current one for marks and spaces; None for an unknown pictogram."""
    code = ord(character)
    if character in FIGURES and (figures := _installed(PLAIN_FIGURES, weight)):
        return figures
    if character.isspace() or unicodedata.combining(character):
        return current
    if unicodedata.category(character) in ("Cf", "Mn", "Me", "Cc", "Cs"):
        return current if code in covered(current) else None
    if code in covered(OWN[weight]):
        return OWN[weight]
    for name in (*_script_fonts(code), *LAST_RESORTS):
        path = _installed(name, weight)
        if path is not None and code in covered(path):
            return path
    return None if code >= FIRST_PICTOGRAM else OWN[weight]


def _script_fonts(code: int) -> list[str]:
    return [name for first, last, name in NOTO_SCRIPTS if first <= code <= last]


@cache
def _installed(name: str, weight: Weight) -> Path | None:
    for style in ("Bold", "Regular") if weight == "bold" else ("Regular",):
        path = SYSTEM_FONTS / "noto" / f"{name}-{style}.ttf"
        if path.exists():
            return path
    return None
