"""Pictures of rounded rectangles: a minimal one with corners, edge and shadow, stretched to size.

All in one picture, because every layer costs time without a GPU.
"""

from PIL import Image, ImageDraw

from kiosk_ui.scene import Plate

SMOOTHING = 4


def margin_px(plate: Plate) -> int:
    """Return how far the shadow extends beyond the plate."""
    return 2 * _spread_px(plate) if plate.shadow else 0


def border_px(plate: Plate) -> int:
    """Return the border of the picture that must not be stretched."""
    return plate.radius_px + margin_px(plate)


def plate_picture(plate: Plate) -> Image.Image:
    """Return the picture with shadow, surface and edge."""
    margin, side = margin_px(plate), 2 * plate.radius_px + 2
    whole = side + 2 * margin
    picture = Image.new("RGBA", (whole, whole), (plate.shadow or plate.fill)._replace(opacity=0))
    if plate.shadow:
        picture.putalpha(
            _soft(whole, plate).point([level * plate.shadow.opacity // 255 for level in range(256)])
        )
    surface = Image.new("RGBA", (side, side), plate.fill)
    if plate.edge:
        surface.paste(plate.edge, (0, 0), _rounded(side, plate.radius_px))
        inner = _rounded(side - 2 * plate.edge_px, plate.radius_px - plate.edge_px)
        surface.paste(plate.fill, (plate.edge_px, plate.edge_px), inner)
    surface.putalpha(_rounded(side, plate.radius_px))
    picture.alpha_composite(surface, (margin, margin))
    return picture


def _spread_px(plate: Plate) -> int:
    return max(3, plate.radius_px // 3)


def _rounded(side: int, radius: int) -> Image.Image:
    """Return an antialiased mask of a rounded square."""
    side, radius = max(1, side), max(0, radius)
    large = Image.new("L", (side * SMOOTHING, side * SMOOTHING), 0)
    corner = (0, 0, large.width - 1, large.height - 1)
    ImageDraw.Draw(large).rounded_rectangle(corner, radius * SMOOTHING, fill=255)
    return large.resize((side, side), Image.Resampling.BOX)


def _soft(whole: int, plate: Plate) -> Image.Image:
    """Return the shadow: drawn small and enlarged, which is cheaper than a blur filter."""
    spread = _spread_px(plate)
    coarse = max(1, spread // 2)
    small = Image.new("L", (max(4, whole // coarse), max(4, whole // coarse)), 0)
    inset, drop = 2 * spread / coarse, spread / 2 / coarse
    box = (inset, inset + drop, small.width - 1 - inset, small.height - 1 - inset + drop)
    ImageDraw.Draw(small).rounded_rectangle(box, plate.radius_px / coarse, fill=255)
    blurred = small.resize((max(3, small.width * 2 // 3),) * 2, Image.Resampling.BICUBIC)
    return blurred.resize((whole, whole), Image.Resampling.BICUBIC)
