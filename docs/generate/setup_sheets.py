"""The wizard's steps on one sheet a language, drawn by the window's own code: docs/pictures/setup-*.png."""

import subprocess
import sys
import tempfile
from io import BytesIO
from pathlib import Path
from typing import get_args

import msgspec
import segno
from msgspec.structs import replace
from PIL import Image, ImageDraw, ImageFont, ImageOps

from cloud.desk.demo.people import RELATIVES
from cloud.desk.demo.portraits import portrait
from device.contract.values import Language
from docs.generate.legibility import PANELS
from docs.generate.pictures import write_frame
from docs.generate.setup_scenes import setup_scenes

STEPS = (
    "language",
    "network",
    "password",
    "desk",
    "scan",
    "confirm",
    "sound-busy",
    "camera",
    "buttons",
    "pendant",
    "panel",
    "done",
)
SCAN = "setup-scan"
CODE, CODE_TEXT = "code", "HTTPS://DESK.EXAMPLE:8443/ADD#HKWMPRTB"
INTO = Path("docs/pictures")
COLUMNS = 3
TILE_PX = (480, 300)
GAP_PX = 14
MARK_PX = 34
COLOURS = 48
_GROUND, _INK = "#c9cdd1", "#1f2a37"


def main() -> int:
    """The exit status: 1 where a step was not drawn."""
    with tempfile.TemporaryDirectory() as folder:
        frames = Path(folder, "frames")
        writers = [
            write_frame(frames, portrait(RELATIVES[0].face)),
            write_frame(frames.with_name(CODE), _code()),
        ]
        drawn = _draw(Path(folder), frames)
        for writer in writers:
            writer.close()
        if not drawn:
            return 1
        for language in get_args(Language):
            sheet = _sheet([Image.open(Path(folder, f"{language}-setup-{step}.png")) for step in STEPS])
            sheet.quantize(COLOURS).save(INTO / f"setup-{language}.png", optimize=True)
    print(f"{len(get_args(Language))} sheets drawn into {INTO}/")
    return 0


def _code() -> bytes:
    """What the camera sees of the desk's page: a code that is nobody's."""
    picture = BytesIO()
    segno.make(CODE_TEXT, error="m").save(picture, kind="png", scale=12, border=6)
    return picture.getvalue()


def _draw(folder: Path, frames: Path) -> bool:
    """Whether every step was drawn in every language."""
    lines = []
    for language in get_args(Language):
        pages = dict(setup_scenes(language, str(frames)))
        pages |= {SCAN: dict(setup_scenes(language, str(frames.with_name(CODE))))[SCAN]}
        for name in (f"setup-{step}" for step in STEPS):
            screen = replace(pages[name], revision=1)
            lines.append(msgspec.json.encode({"name": f"{language}-{name}", "screen": screen}))
    panel = PANELS["10-inch"]
    size = [f"--width-px={panel.width_px}", f"--height-px={panel.height_px}", f"--width-mm={panel.width_mm}"]
    command = [sys.executable, "-m", "kiosk_ui.picture", "--many", str(folder), *size]
    done = subprocess.run(command, input=b"\n".join(lines), check=False)
    return done.returncode == 0


def _sheet(pictures: list[Image.Image]) -> Image.Image:
    rows = -(-len(pictures) // COLUMNS)
    width, height = TILE_PX[0] + GAP_PX, TILE_PX[1] + MARK_PX + GAP_PX
    sheet = Image.new("RGB", (COLUMNS * width + GAP_PX, rows * height + GAP_PX), _GROUND)
    draw = ImageDraw.Draw(sheet)
    font = ImageFont.load_default(MARK_PX * 0.7)
    for number, picture in enumerate(pictures):
        x, y = GAP_PX + number % COLUMNS * width, GAP_PX + number // COLUMNS * height
        draw.text((x, y), str(number + 1), fill=_INK, font=font)
        sheet.paste(ImageOps.fit(picture.convert("RGB"), TILE_PX), (x, y + MARK_PX))
    return sheet


if __name__ == "__main__":
    sys.exit(main())
