"""Digits are distinguishable with blurred vision: the zero has no slash."""

import pytest
from PIL import Image, ImageFilter

from kiosk_ui.text.fitting import Fitted
from kiosk_ui.text.raster import ink

SIZE_PX, BLUR_PX = 120, 18.0


def blurred(figure: str) -> Image.Image:
    """As an eye sees it that blurs by 3 mm at arm's length, beside a clock's figures of 20 mm."""
    canvas = Image.new("L", (SIZE_PX, SIZE_PX), 0)
    drawn = ink(Fitted((figure,), "bold", SIZE_PX), "middle").picture
    canvas.paste(drawn, ((SIZE_PX - drawn.width) // 2, (SIZE_PX - drawn.height) // 2))
    return canvas.filter(ImageFilter.GaussianBlur(BLUR_PX / 2))


def difference(one: Image.Image, other: Image.Image) -> float:
    return sum(abs(a - b) for a, b in zip(one.tobytes(), other.tobytes(), strict=True)) / len(one.tobytes())


def hole(figure: str) -> int:
    """How much ink is in the middle of the figure."""
    drawn = ink(Fitted((figure,), "bold", SIZE_PX), "middle").picture
    return int(drawn.getpixel((drawn.width // 2, drawn.height // 2)))  # type: ignore[arg-type]


def test_the_zero_is_plain() -> None:
    """Its middle is empty; that of the eight is not."""
    assert hole("0") == 0
    assert hole("8") > 200


@pytest.mark.parametrize("figure", "0123456789")
def test_each_figure_is_read_right_when_blurred(figure: str) -> None:
    """The nearest of all ten sharp-cut figures to a blurred one that stands a pixel off is itself."""
    seen = blurred(figure).transform((SIZE_PX, SIZE_PX), Image.Transform.AFFINE, (1, 0, 2, 0, 1, 1))
    nearest = min("0123456789", key=lambda other: difference(seen, blurred(other)))
    assert nearest == figure
