"""A call's process in small: writes colour bars as pictures, of any size, once or thirty times a second.

``python -m tests.kiosk_ui.color_bars PATH WIDTH HEIGHT [RATE]``: one picture, or ``RATE`` a second, in each
the bars moved by one. Ends when its standard input does.
"""

import select
import sys
import time
from pathlib import Path
from typing import NamedTuple

import numpy as np

from device.window_protocol.frames import FrameWriter


class Yuv(NamedTuple):
    """A colour in ITU-R BT.601, limited range."""

    y: int
    u: int
    v: int


# The bars of 75 % (ITU-R BT.471), and what they are on a display.
BARS: dict[tuple[int, int, int], Yuv] = {
    (191, 191, 191): Yuv(180, 128, 128),
    (191, 191, 0): Yuv(162, 44, 142),
    (0, 191, 191): Yuv(131, 156, 44),
    (0, 191, 0): Yuv(112, 72, 58),
    (191, 0, 191): Yuv(84, 184, 198),
    (191, 0, 0): Yuv(65, 100, 212),
    (0, 0, 191): Yuv(35, 212, 114),
    (0, 0, 0): Yuv(16, 128, 128),
}
COLOURS = list(BARS)


def planes(width_px: int, height_px: int, shift: int = 0) -> tuple[bytes, bytes, bytes]:
    """Bars side by side in the upper half, the same in the opposite order in the lower one."""
    half = (width_px + 1) // 2, (height_px + 1) // 2
    return (
        _plane(width_px, height_px, 0, shift),
        _plane(*half, 1, shift),
        _plane(*half, 2, shift),
    )


def _plane(width_px: int, height_px: int, part: int, shift: int) -> bytes:
    values = np.array([BARS[colour][part] for colour in COLOURS], dtype=np.uint8)
    bars = (np.arange(width_px) * len(COLOURS) // width_px + shift) % len(COLOURS)
    row = values[bars]
    upper = np.tile(row, (height_px // 2, 1))
    lower = np.tile(row[::-1], (height_px - height_px // 2, 1))
    return np.vstack((upper, lower)).tobytes()


def main() -> None:
    """Writes until nobody needs it any more."""
    path, width_px, height_px = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    rate = float(sys.argv[4]) if len(sys.argv) > 4 else 0.0
    pictures = [planes(width_px, height_px, shift) for shift in range(len(COLOURS))]
    writer = FrameWriter(path)
    writer.write(width_px, height_px, *pictures[0])
    sys.stdout.write("writes\n")
    sys.stdout.flush()
    began_s, written = time.monotonic(), 1
    while True:
        patience_s = None if not rate else max(0.0, began_s + written / rate - time.monotonic())
        if select.select([sys.stdin], [], [], patience_s)[0]:
            break
        writer.write(width_px, height_px, *pictures[written % len(pictures)])
        written += 1
    writer.close()


if __name__ == "__main__":
    main()
