"""Pictures between two processes, as the call's process and the window have them."""

import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from device.window_protocol.frames import (
    LARGEST_FRAME_BYTES,
    FrameReader,
    FramesGone,
    FrameWriter,
    VideoFrame,
    wake_path,
)
from tests.link.waiting import eventually

ROOT = Path(__file__).parents[2]

# Writes pictures of two sizes without a pause, each all of one value: whatever is mixed is torn.
RESTLESS = """
import sys
from pathlib import Path
from device.window_protocol.frames import FrameWriter
writer = FrameWriter(Path(sys.argv[1]))
print("writes", flush=True)
number = 0
while True:
    number += 1
    width, height = (1280, 720) if number % 2 else (641, 479)
    half = ((width + 1) // 2) * ((height + 1) // 2)
    value = bytes([number % 251])
    writer.write(width, height, value * (width * height), value * half, value * half)
"""

# Says the number of every picture that it sees, sleeping in between.
READER = """
import select, sys
from pathlib import Path
from device.window_protocol.frames import FrameReader
reader = FrameReader(Path(sys.argv[1]))
print("reads", flush=True)
while True:
    select.select([reader.wake_fd], [], [])
    frame = reader.newest()
    if frame:
        print(frame.number, frame.width_px, frame.height_px, frame.octets[0], flush=True)
"""


class Other:
    """A process at the other end; ``line`` is what it says next."""

    def __init__(self, program: str, path: Path) -> None:
        command = [sys.executable, "-c", program, str(path)]
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        self.first = self.line()

    def line(self) -> str:
        assert self.process.stdout
        assert select.select([self.process.stdout], [], [], 10)[0]
        return self.process.stdout.readline().strip()

    def end(self) -> None:
        self.process.kill()
        self.process.wait()
        assert self.process.stdout
        self.process.stdout.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "call.frames"


@pytest.fixture
def writer(path: Path) -> Iterator[FrameWriter]:
    writer = FrameWriter(path)
    yield writer
    writer.close()


def write(writer: FrameWriter, value: int, width_px: int = 6, height_px: int = 4) -> None:
    half = ((width_px + 1) // 2) * ((height_px + 1) // 2)
    y, u, v = (bytes([each]) for each in (value, value + 1, value + 2))
    writer.write(width_px, height_px, y * (width_px * height_px), u * half, v * half)


def is_readable(reader: FrameReader) -> bool:
    return bool(select.select([reader.wake_fd], [], [], 0)[0])


def test_the_newest_picture_is_read_once(writer: FrameWriter, path: Path) -> None:
    """Those that came too quickly are left out."""
    with FrameReader(path) as reader:
        assert reader.newest() is None
        for value in (10, 20, 30, 40, 50):
            write(writer, value)
        frame = reader.newest()
        assert frame == VideoFrame(6, 4, b"\x32" * 24 + b"\x33" * 6 + b"\x34" * 6, 5)
        assert frame.planes == (b"\x32" * 24, b"\x33" * 6, b"\x34" * 6)
        assert reader.newest() is None


def test_a_reader_sleeps_until_there_is_a_picture(writer: FrameWriter, path: Path) -> None:
    """And again after it has read; several pictures wake it once."""
    with FrameReader(path) as reader:
        assert not is_readable(reader)
        write(writer, 1)
        write(writer, 2)
        assert is_readable(reader)
        reader.newest()
        assert not is_readable(reader)


def test_a_reader_in_another_process_sees_a_change_of_size(writer: FrameWriter, path: Path) -> None:
    """A phone that is turned sends another shape from one picture to the next; odd sizes come too."""
    other = Other(READER, path)
    try:
        for number, (width_px, height_px) in enumerate([(640, 480), (480, 640), (333, 111), (1920, 1080)], 1):
            write(writer, 7 * number, width_px, height_px)
            assert other.line() == f"{number} {width_px} {height_px} {7 * number}"
    finally:
        other.end()


def test_no_picture_is_ever_torn(path: Path) -> None:
    """Beside a writer that never rests, every picture is from one moment, and most readings succeed."""
    other = Other(RESTLESS, path)
    seen: list[int] = []
    try:
        with FrameReader(path) as reader:
            deadline = time.monotonic() + 1.5
            while time.monotonic() < deadline:
                frame = reader.newest()
                if frame:
                    for plane in frame.planes:
                        assert plane.count(frame.number % 251) == len(plane)
                    assert (frame.width_px, frame.height_px) == (
                        (1280, 720) if frame.number % 2 else (641, 479)
                    )
                    seen.append(frame.number)
    finally:
        other.end()
    assert len(seen) > 20
    assert seen == sorted(seen)


def test_a_picture_that_is_being_written_is_not_shown(writer: FrameWriter, path: Path) -> None:
    """A slot that the writer has begun to fill again counts as overtaken."""
    write(writer, 1)
    with FrameReader(path) as reader:
        writer._words[4 * 2] = 0
        assert reader.newest() is None


def test_a_reader_that_dies_does_not_disturb_the_writer(writer: FrameWriter, path: Path) -> None:
    """Nor one that comes after it."""
    other = Other(READER, path)
    write(writer, 1)
    assert other.line().startswith("1 ")
    other.process.send_signal(signal.SIGSTOP)
    for _ in range(70_000 // 8):
        write(writer, 1)
    other.end()
    for value in range(100):
        write(writer, value)
    with FrameReader(path) as reader:
        write(writer, 200)
        assert is_readable(reader)
        frame = reader.newest()
        assert frame
        assert frame.octets[0] == 200


def test_a_reader_that_never_reads_does_not_stop_the_writer(writer: FrameWriter, path: Path) -> None:
    """Its FIFO fills up to the brim, and the pictures go on."""
    with FrameReader(path) as reader:
        for _ in range(70_000):
            write(writer, 1, 2, 2)
        write(writer, 9)
        frame = reader.newest()
        assert frame
        assert frame.octets[0] == 9
        assert not is_readable(reader)


def test_a_writer_that_dies_leaves_its_last_picture_and_silence(path: Path) -> None:
    """The window does not spin: nothing is readable any more. The next writer starts again."""
    other = Other(RESTLESS, path)
    with FrameReader(path) as reader:
        eventually(reader.newest, "a picture")
        other.end()
        reader.newest()
        assert not is_readable(reader)
        assert reader.newest() is None
        writer = FrameWriter(path)
        with FrameReader(path) as another:
            write(writer, 3)
            frame = another.newest()
            assert frame
            assert frame.number == 1
        writer.close()


def test_nothing_is_left_of_a_writer_that_closes(path: Path) -> None:
    """Neither file nor FIFO; a late reader gets an error."""
    writer = FrameWriter(path)
    reader = FrameReader(path)
    writer.close()
    assert not [*path.parent.iterdir()]
    assert reader.newest() is None
    reader.close()
    with pytest.raises(FramesGone):
        FrameReader(path)


def test_what_is_not_a_file_of_pictures_is_refused(writer: FrameWriter, path: Path) -> None:
    """Before any of it is drawn."""
    text = path.with_name("text")
    text.write_text("no pictures")
    zeros = path.with_name("zeros")
    with zeros.open("wb") as file:
        file.truncate(path.stat().st_size)
    wake_path(path).unlink()
    for wrong in (text, zeros, path, path.parent):
        with pytest.raises(FramesGone):
            FrameReader(wrong)


def test_planes_that_do_not_fit_their_size_are_refused(writer: FrameWriter, path: Path) -> None:
    """As are pictures larger than a slot; what was there before stays."""
    write(writer, 5)
    for width_px, height_px, y in ((6, 4, b"1"), (6000, 4000, bytes(24_000_000)), (0, 0, b"1")):
        with pytest.raises(ValueError, match="are no picture"):
            writer.write(width_px, height_px, y, bytes(6), bytes(6))
    assert LARGEST_FRAME_BYTES > 1920 * 1080 * 1.5
    with FrameReader(path) as reader:
        frame = reader.newest()
        assert frame
        assert frame.octets[0] == 5
