"""Pictures of rounded rectangles: a minimal one with corners, edge and shadow, stretched to size.

All in one picture, because every layer costs time without a GPU.
"""

from PIL import Image, ImageDraw

from kiosk_ui.scene import RoundedRectangle

SMOOTHING = 4


def margin_px(rectangle: RoundedRectangle) -> int:
    """Return how far the shadow extends beyond the rectangle."""
    return 2 * _spread_px(rectangle) if rectangle.shadow else 0


def border_px(rectangle: RoundedRectangle) -> int:
    """Return the border of the picture that must not be stretched."""
    return rectangle.radius_px + margin_px(rectangle)


def rectangle_picture(rectangle: RoundedRectangle) -> Image.Image:
    """Return the picture with shadow, surface and edge."""
    margin, side = margin_px(rectangle), 2 * rectangle.radius_px + 2
    whole = side + 2 * margin
    picture = Image.new("RGBA", (whole, whole), (rectangle.shadow or rectangle.fill)._replace(opacity=0))
    if rectangle.shadow:
        picture.putalpha(
            _soft(whole, rectangle).point([level * rectangle.shadow.opacity // 255 for level in range(256)])
        )
    surface = Image.new("RGBA", (side, side), rectangle.fill)
    if rectangle.edge:
        surface.paste(rectangle.edge, (0, 0), _rounded(side, rectangle.radius_px))
        inner = _rounded(side - 2 * rectangle.edge_px, rectangle.radius_px - rectangle.edge_px)
        surface.paste(rectangle.fill, (rectangle.edge_px, rectangle.edge_px), inner)
    surface.putalpha(_rounded(side, rectangle.radius_px))
    picture.alpha_composite(surface, (margin, margin))
    return picture


def _spread_px(rectangle: RoundedRectangle) -> int:
    return max(3, rectangle.radius_px // 3)


def _rounded(side: int, radius: int) -> Image.Image:
    """Return an antialiased mask of a rounded square."""
    side, radius = max(1, side), max(0, radius)
    large = Image.new("L", (side * SMOOTHING, side * SMOOTHING), 0)
    corner = (0, 0, large.width - 1, large.height - 1)
    ImageDraw.Draw(large).rounded_rectangle(corner, radius * SMOOTHING, fill=255)
    return large.resize((side, side), Image.Resampling.BOX)


def _soft(whole: int, rectangle: RoundedRectangle) -> Image.Image:
    """Return the shadow: drawn small and enlarged, which is cheaper than a blur filter."""
    spread = _spread_px(rectangle)
    coarse = max(1, spread // 2)
    small = Image.new("L", (max(4, whole // coarse), max(4, whole // coarse)), 0)
    inset, drop = 2 * spread / coarse, spread / 2 / coarse
    box = (inset, inset + drop, small.width - 1 - inset, small.height - 1 - inset + drop)
    ImageDraw.Draw(small).rounded_rectangle(box, rectangle.radius_px / coarse, fill=255)
    blurred = small.resize((max(3, small.width * 2 // 3),) * 2, Image.Resampling.BICUBIC)
    return blurred.resize((whole, whole), Image.Resampling.BICUBIC)
