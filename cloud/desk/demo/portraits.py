"""Draws portraits of fictional people from simple shapes."""

from dataclasses import dataclass
from io import BytesIO
from random import Random
from typing import Literal

from PIL import Image, ImageDraw, ImageFilter

SIDE = 512
FINER = 2

Hair = Literal["bob", "long", "short", "bun", "curly", "bald", "fringe"]
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Face:
    """Features of a face. Colours are hexadecimal."""

    background: str
    skin: str
    hair: Hair
    hair_colour: str
    clothes: str
    collar: str = "#ffffff"
    glasses: bool = False
    beard: str = ""
    earrings: str = ""
    smile: float = 1.0


def old_face(chance: Random, *, is_man: bool) -> Face:
    """Return the face of somebody old."""
    grey = chance.choice(("#c9c9cc", "#b9b4ac", "#d8d4cc", "#a9a6a2"))
    return Face(
        background=chance.choice(("#7fb3a6", "#e9b872", "#c7a6d0", "#8fb7dd", "#e5a59b", "#a9c48a")),
        skin=chance.choice(("#f3c9a5", "#efc3a0", "#f6d2b5", "#f5d3b8", "#f0c6a4")),
        hair=chance.choice(("bald", "short") if is_man else ("bob", "bun", "curly", "short")),
        hair_colour=grey,
        clothes=chance.choice(("#2f5d73", "#5d7a46", "#a43f5b", "#4b5a8a", "#37474f", "#7a4b2f")),
        glasses=chance.random() < 0.6,
        beard=grey if is_man and chance.random() < 0.3 else "",
        earrings="" if is_man or chance.random() < 0.5 else "#f2c14e",
    )


def portrait(face: Face) -> bytes:
    """Return a JPEG of 512 × 512 pixels."""
    side = SIDE * FINER
    image = Image.new("RGB", (side, side), face.background)
    _Painter(image, face).paint()
    out = BytesIO()
    image.resize((SIDE, SIDE), Image.Resampling.LANCZOS).save(out, "JPEG", quality=90)
    return out.getvalue()


class _Painter:
    """Paints from back to front, in units of a hundredth of the picture."""

    def __init__(self, image: Image.Image, face: Face) -> None:
        self._image = image
        self._draw = ImageDraw.Draw(image)
        self._unit = image.width / 100
        self._face = face

    def paint(self) -> None:
        """Paint the whole person, from the background to the glasses."""
        self._halo()
        self._hair_behind()
        self._body()
        self._head()
        self._hair_in_front()
        self._features()
        if self._face.glasses:
            self._glasses()

    def _box(self, box: Box) -> Box:
        left, top, right, bottom = (value * self._unit for value in box)
        return left, top, right, bottom

    def _oval(self, box: Box, colour: str) -> None:
        self._draw.ellipse(self._box(box), fill=colour)

    def _block(self, box: Box, radius: float, colour: str) -> None:
        self._draw.rounded_rectangle(self._box(box), radius * self._unit, fill=colour)

    def _line(self, box: Box, start: float, end: float, colour: str, width: float) -> None:
        self._draw.arc(self._box(box), start, end, fill=colour, width=round(width * self._unit))

    def _halo(self) -> None:
        self._oval((12, 8, 88, 84), _mix(self._face.background, "#ffffff", 0.28))

    def _hair_behind(self) -> None:
        colour = self._face.hair_colour
        match self._face.hair:
            case "long":
                self._block((27, 20, 73, 82), 21, colour)
            case "bob":
                self._block((27, 20, 73, 62), 19, colour)
            case "bun":
                self._oval((39, 7, 61, 28), colour)
                self._block((29, 18, 71, 52), 20, colour)
            case "curly":
                for x, y in (
                    (33, 30),
                    (30, 42),
                    (33, 53),
                    (67, 30),
                    (70, 42),
                    (67, 53),
                    (40, 22),
                    (60, 22),
                    (50, 19),
                ):
                    self._oval((x - 10, y - 10, x + 10, y + 10), colour)
            case "short" | "fringe":
                self._block((29, 18, 71, 50), 20, colour)
            case "bald":
                self._block((29.5, 36, 70.5, 54), 8, colour)

    def _body(self) -> None:
        face = self._face
        self._block((14, 78, 86, 130), 26, face.clothes)
        self._block((14, 78, 50, 130), 26, _mix(face.clothes, "#ffffff", 0.06))
        self._draw.polygon([value * self._unit for value in (37, 78, 63, 78, 50, 94)], fill=face.collar)
        shade = _mix(face.skin, "#7a3b20", 0.18)
        self._block((42, 60, 58, 84), 7, shade)
        self._oval((42, 76, 58, 89), shade)

    def _head(self) -> None:
        skin = self._face.skin
        for left in (27.5, 65):
            self._oval((left, 41, left + 7.5, 52), _mix(skin, "#a04a30", 0.1))
        if self._face.earrings:
            for x in (31, 69):
                self._oval((x - 1.5, 51, x + 1.5, 54), self._face.earrings)
        self._block((31, 23, 69, 72), 19, skin)
        self._blush()
        if self._face.beard:
            self._beard()

    def _beard(self) -> None:
        mask = Image.new("L", self._image.size, 0)
        draw = ImageDraw.Draw(mask)
        draw.rounded_rectangle(self._box((31, 23, 69, 73)), 19 * self._unit, fill=255)
        draw.rectangle(self._box((0, 0, 100, 52)), fill=0)
        draw.ellipse(self._box((35, 40, 65, 61)), fill=0)
        self._image.paste(self._face.beard, mask=mask)

    def _blush(self) -> None:
        mask = Image.new("L", self._image.size, 0)
        draw = ImageDraw.Draw(mask)
        for x in (37.5, 62.5):
            draw.ellipse(self._box((x - 4.5, 51, x + 4.5, 58)), fill=80)
        soft = mask.filter(ImageFilter.GaussianBlur(1.4 * self._unit))
        self._image.paste("#d8503c", mask=soft)

    def _hair_in_front(self) -> None:
        colour = self._face.hair_colour
        match self._face.hair:
            case "bald":
                return
            case "fringe":
                self._cap(38)
                self._block((31, 24, 69, 37), 6, colour)
            case "curly":
                for x in (36, 43, 50, 57, 64):
                    self._oval((x - 6, 18, x + 6, 31), colour)
            case "short":
                self._cap(33)
                self._draw.polygon(
                    [v * self._unit for v in (31, 31, 69, 31, 69, 38, 61, 32, 40, 34)], fill=colour
                )
            case _:
                self._sweep()

    def _sweep(self) -> None:
        """Paint hair that falls from a parting to both sides."""
        mask = Image.new("L", self._image.size, 0)
        draw = ImageDraw.Draw(mask)
        draw.rounded_rectangle(self._box((29.5, 20, 70.5, 72)), 20 * self._unit, fill=255)
        draw.rectangle(self._box((0, 44, 100, 100)), fill=0)
        draw.ellipse(self._box((32, 32, 74, 90)), fill=0)
        draw.ellipse(self._box((30.5, 38, 60, 90)), fill=0)
        self._image.paste(self._face.hair_colour, mask=mask)

    def _cap(self, down_to: float) -> None:
        """Paint the hair on top of the head, down to this height."""
        mask = Image.new("L", self._image.size, 0)
        draw = ImageDraw.Draw(mask)
        draw.rounded_rectangle(self._box((29.5, 20, 70.5, 72)), 20 * self._unit, fill=255)
        draw.rectangle(self._box((0, down_to, 100, 100)), fill=0)
        self._image.paste(self._face.hair_colour, mask=mask)

    def _features(self) -> None:
        face = self._face
        dark = "#2b2320"
        brow = _mix(face.hair_colour, dark, 0.35)
        for x in (42, 58):
            self._oval((x - 1.9, 45, x + 1.9, 49.4), dark)
            self._oval((x - 0.1, 45.6, x + 1.1, 46.9), "#ffffff")
            self._line((x - 4.6, 39.6, x + 4.6, 47), 205, 335, brow, 1.1)
        self._line((47.4, 47, 52.6, 54.5), 20, 160, _mix(face.skin, "#6a2d18", 0.4), 0.9)
        width = 6 + 2.5 * face.smile
        mouth: Box = (50 - width, 53, 50 + width, 64)
        self._draw.chord(self._box(mouth), 22, 158, fill="#9c3b33")
        self._draw.chord(self._box((50 - width * 0.8, 55.6, 50 + width * 0.8, 62.4)), 33, 147, fill="#fffaf5")

    def _glasses(self) -> None:
        rim, width = "#3a4a5a", round(0.9 * self._unit)
        for x in (42, 58):
            box = self._box((x - 6.4, 41.4, x + 6.4, 53))
            self._draw.rounded_rectangle(box, 5 * self._unit, outline=rim, width=width)
        self._line((46.6, 44, 53.4, 50), 200, 340, rim, 0.9)


def _mix(colour: str, other: str, share: float) -> str:
    pairs = zip(_channels(colour), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def _channels(colour: str) -> list[int]:
    return [int(colour[index : index + 2], 16) for index in (1, 3, 5)]
