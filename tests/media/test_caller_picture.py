"""What a caller sends as a picture is decoded within bounds."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import av
import pytest

from device.media.caller_picture import CallerPicture
from device.window_protocol.frames import FrameReader, FrameWriter
from tests.link.waiting import eventually

ALONE = b"\x10"


def key_picture(width: int, height: int) -> bytes:
    """One grey picture as VP8."""
    encoder: Any = av.CodecContext.create("libvpx", "w")
    encoder.width, encoder.height, encoder.pix_fmt = width, height, "yuv420p"
    encoder.options = {"deadline": "realtime", "cpu-used": "16", "lag-in-frames": "0"}
    frame = av.VideoFrame(width, height, "yuv420p")
    for plane in frame.planes:
        plane.update(bytes([128]) * plane.buffer_size)
    return b"".join(bytes(packet) for packet in encoder.encode(frame))


def packet(sequence: int, data: bytes) -> SimpleNamespace:
    """A picture in one packet, as aiortc hands it over."""
    return SimpleNamespace(
        sequence_number=sequence,
        timestamp=sequence * 3000,
        marker=1,
        payload=ALONE + data,
        _data=data,
        ssrc=1,
    )


@pytest.mark.requirement("V24")
def test_a_picture_of_4k_is_not_decoded_and_a_usual_one_after_it_is(tmp_path: Path) -> None:
    """A sender of it is shown by a photo, and costs the others at the table nothing."""
    writer = FrameWriter(tmp_path / "frames")
    picture = CallerPicture(writer, lambda _ssrc, _missing: None)
    picture.take(packet(1, key_picture(3840, 2160)))
    picture.take(packet(2, key_picture(320, 240)))
    with FrameReader(tmp_path / "frames") as reader:
        frame = eventually(reader.newest, "a picture")
        assert frame
        assert (frame.width_px, frame.height_px) == (320, 240)
    eventually(lambda: picture.watch.shown_count, "the picture is counted")
    assert picture.watch.shown_count == 1
    picture.close()
    writer.close()
