"""Cameras that are missing, unplugged and back; and blurred pictures."""

import asyncio
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
import pytest

from device.media.caller_picture import planes
from device.media.camera import BARS, CameraFault, CameraThread, MovingBars, V4l2Camera
from device.media.encoder import LineEncoder
from device.media.picture import RoomPicture, as_seen
from tests.link.waiting import eventually
from tests.media.loops import run


def luma(frame: av.VideoFrame) -> npt.NDArray[np.int16]:
    lines = np.asarray(planes(frame)[0], np.int16)
    return lines.reshape(frame.height, frame.width)


def first_picture() -> av.VideoFrame:
    return next(iter(MovingBars().pictures()))


def test_the_test_pattern_has_its_colours() -> None:
    """In the order in which the tests read them."""
    line = luma(first_picture())[100, 40::80]
    assert list(line) == [bar[0] for bar in BARS]


def test_a_camera_that_is_not_there_says_so() -> None:
    """The error contains its name."""
    with pytest.raises(CameraFault, match="/dev/no-camera"):
        next(V4l2Camera(Path("/dev/no-camera")).pictures())


def test_a_camera_that_is_unplugged_is_reported_and_taken_again(tmp_path: Path) -> None:
    """A pipe with a real video stream replaces the device: its end simulates unplugging."""
    device = tmp_path / "video0"
    os.mkfifo(device)
    pictures: list[av.VideoFrame] = []
    reported: list[str] = []
    camera = CameraThread(V4l2Camera(device, "yuv4mpegpipe", {}), pictures.append, reported.append)
    try:
        for _ in range(2):
            before = len(pictures)
            plug(device)
            eventually(lambda: len(pictures) - before >= 4, "pictures")  # noqa: B023 - same iteration
            eventually(lambda: reported[-1:] and reported[-1], "it was unplugged")
        assert "" in reported
        assert pictures[0].width == 64
    finally:
        threading.Thread(target=plug, args=(device,), daemon=True).start()
        camera.close(5.0)


def plug(device: Path) -> None:
    with device.open("wb") as pipe:
        pipe.write(b"YUV4MPEG2 W64 H48 F30:1 C420jpeg\n" + 5 * (b"FRAME\n" + bytes(64 * 48 * 3 // 2)))


@pytest.mark.requirement("K5")
def test_blurred_means_that_no_edge_is_left() -> None:
    """Of a chessboard only grey remains; of a face, eight spots by six."""
    chess = np.indices((480, 640)).sum(axis=0) // 20 % 2 * 219 + 16
    image = np.concatenate([chess, np.full((240, 640), 128)]).astype(np.uint8)
    blurred = luma(as_seen(av.VideoFrame.from_ndarray(image, format="yuv420p"), "blurred", 640, 480))
    assert np.abs(blurred - 125).max() < 20
    steps = np.abs(np.diff(luma(as_seen(first_picture(), "blurred", 640, 480)), axis=1))
    assert steps.max() <= 2


def test_a_picture_keeps_its_shape_on_a_narrow_line() -> None:
    """Neither distorted nor of an odd size, which the encoder would refuse."""
    wide = av.VideoFrame(1280, 721, "yuv420p")
    seen = as_seen(wide, "clear", 320, 240)
    assert (seen.width, seen.height) == (320, 180)


def test_an_older_picture_does_not_end_the_sending() -> None:
    """It is skipped; aiortc would stop sending without an error."""
    encoder, frame = LineEncoder(500_000), first_picture()
    frame.pts = 9000
    assert encoder.encode(frame, force_keyframe=True)[0]
    frame.pts = 3000
    assert encoder.encode(frame) == ([], 0)
    frame.pts = 12000
    assert encoder.encode(frame)[0]


def test_a_picture_that_cannot_be_encoded_is_left_out() -> None:
    """A picture of another size or bitrate is encoded by a new encoder, starting with a key frame."""
    encoder = LineEncoder(500_000)
    sizes = [(640, 480), (0, 0), (640, 480), (320, 240)]
    payloads = []
    for number, (width, height) in enumerate(sizes):
        frame = av.VideoFrame(width, height, "yuv420p")
        frame.pts = 3000 * (number + 1)
        payloads.append(encoder.encode(frame)[0])
    assert [bool(each) for each in payloads] == [True, False, True, True]


@pytest.mark.requirement("K5")
def test_the_camera_runs_only_in_a_call_and_only_while_it_is_shown() -> None:
    """Its light is on only while video is sent."""

    class Watched(MovingBars):
        running = 0

        def pictures(self) -> Iterator[av.VideoFrame]:
            self.running += 1
            try:
                yield from super().pictures()
            finally:
                self.running -= 1

    async def story() -> None:
        source = Watched()
        picture = RoomPicture(source, lambda _: None)
        await asyncio.sleep(0.1)
        assert source.running == 0
        picture.show("off")
        picture.begin()
        assert luma(await picture.recv()).max() == 16
        assert source.running == 0
        picture.show("clear")
        assert luma(await picture.recv()).max() == 235
        assert source.running == 1
        picture.show("off")
        assert source.running == 0
        assert luma(await picture.recv()).max() == 16
        picture.show("blurred")
        await picture.recv()
        picture.close()
        assert source.running == 0

    run(story())
