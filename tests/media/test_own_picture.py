"""The resident's own picture at a table."""

from pathlib import Path

import av
import numpy as np
import pytest

from device.media.own_picture import HEIGHT_PX, WIDTH_PX, OwnPicture
from device.window_protocol.frames import FrameReader, FramesGone


def dark_on_the_left() -> av.VideoFrame:
    grey = np.zeros((480, 640, 3), np.uint8)
    grey[:, 320:] = 255
    return av.VideoFrame.from_ndarray(grey, "rgb24").reformat(format="yuv420p")


def test_it_is_small_and_mirrored_and_gone_after_the_seat(tmp_path: Path) -> None:
    """Somebody who lifts the left hand sees it lifted on the left, as in a mirror."""
    own = OwnPicture(tmp_path / "own")
    with FrameReader(own.path) as reader:
        own.take(dark_on_the_left())
        frame = reader.newest()
        assert frame is not None
        assert (frame.width_px, frame.height_px) == (WIDTH_PX, HEIGHT_PX)
        y = np.frombuffer(frame.planes[0], np.uint8).reshape(HEIGHT_PX, WIDTH_PX)
        assert y[:, :40].mean() > 200
        assert y[:, -40:].mean() < 50
    own.close()
    with pytest.raises(FramesGone):
        FrameReader(own.path)


def test_it_takes_few_of_the_cameras_pictures(tmp_path: Path) -> None:
    """Of thirty pictures in a moment it writes one: the others' picture has the work."""
    own = OwnPicture(tmp_path / "own")
    with FrameReader(own.path) as reader:
        picture = dark_on_the_left()
        for _ in range(30):
            own.take(picture)
        frame = reader.newest()
        assert frame is not None
        assert frame.number == 1
    own.close()
