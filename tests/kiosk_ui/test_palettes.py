"""Every text can be read by eyes of ninety years."""

import pytest

from device.window_protocol.model import Style
from kiosk_ui.palettes import contrast, palette_for

LOOKS = [
    pytest.param(
        Style(palette=palette, high_contrast=stark), id=f"{palette}{'-high-contrast' if stark else ''}"
    )
    for palette in ("day", "night")
    for stark in (False, True)
]


@pytest.mark.parametrize("style", LOOKS)
def test_text_has_a_contrast_of_seven_to_one(style: Style) -> None:
    """On every ground, also what is said more quietly."""
    for name, paint in palette_for(style).paints():
        assert contrast(paint.ground, paint.ink) >= 7, name
        assert contrast(paint.ground, paint.soft) >= 7, name


@pytest.mark.parametrize("style", LOOKS)
def test_signs_have_a_contrast_of_three_to_one(style: Style) -> None:
    """WCAG 2.2, 1.4.11: what a picture says must be seen as well."""
    palette = palette_for(style)
    for colour in (palette.available, palette.busy, palette.away):
        assert contrast(palette.card.ground, colour) >= 3


@pytest.mark.parametrize("style", LOOKS)
def test_high_contrast_is_higher(style: Style) -> None:
    """The variant is worth its name."""
    paint = palette_for(style).card
    assert contrast(paint.ground, paint.ink) >= (18 if style.high_contrast else 11)


def test_the_night_is_dark() -> None:
    """A lit room wakes people up."""
    assert palette_for(Style(palette="night")).room.ground.luminance < 0.01
