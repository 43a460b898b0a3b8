"""Draws colour bars side by side, mixed in both ways, and prints what is seen of each, as JSON.

``python -m tests.kiosk_ui.both_mixers WIDTH_PX HEIGHT_PX``, on an X display.
"""

import json
import sys

from device.window_protocol.frames import VideoFrame
from kiosk_ui.kivy_start import open_display, open_window, prepare_kivy
from tests.kiosk_ui.color_bars import COLOURS, planes

SIDE_PX = 400


def main() -> None:
    """Of the upper half the colours of all bars, in the middle of each."""
    width, height = (int(argument) for argument in sys.argv[1:3])
    display = open_display()
    prepare_kivy(2 * SIDE_PX, SIDE_PX)
    display.join()
    open_window()
    from kivy.core.window import Window
    from kivy.graphics import InstructionGroup
    from kivy.graphics.opengl import GL_RGB, GL_UNSIGNED_BYTE, glReadPixels

    from kiosk_ui.drawing.mixing import MixedBySdl, MixedByShader, Mixer

    frame = VideoFrame(width, height, b"".join(planes(width, height)), number=1)
    seen = []
    mixers: list[Mixer] = [MixedByShader(width, height), MixedBySdl(width, height)]
    for index, mixer in enumerate(mixers):
        picture = InstructionGroup()
        mixer.take(frame)
        mixer.attach(picture, {"pos": (index * SIDE_PX, 0), "size": (SIDE_PX, SIDE_PX)})
        Window.canvas.add(picture)
    Window.render_context.draw()
    for index in range(len(mixers)):
        xs = [index * SIDE_PX + (2 * bar + 1) * SIDE_PX // (2 * len(COLOURS)) for bar in range(len(COLOURS))]
        pixels = [glReadPixels(x, SIDE_PX * 3 // 4, 1, 1, GL_RGB, GL_UNSIGNED_BYTE) for x in xs]
        seen.append([list(pixel) for pixel in pixels])
    sys.stdout.write(json.dumps(seen))


if __name__ == "__main__":
    main()
