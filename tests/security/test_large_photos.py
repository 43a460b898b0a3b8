"""Pictures that are small as files and huge in memory, several at a time."""

import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from cloud.people import photo
from provisioning.demo.place import REPOSITORY

pytestmark = pytest.mark.requirement("V3")

# Four threads read one picture each, and the process says what it needed at most.
READ = """
import os, sys, threading
from io import BytesIO
from pathlib import Path
os.environ["DJANGO_SETTINGS_MODULE"] = "cloud.desk.settings"
import django
django.setup()
from cloud.people import photo
data = Path(sys.argv[1]).read_bytes()
made = []
def read():
    made.append(photo.square_jpeg(BytesIO(data), len(data)))
threads = [threading.Thread(target=read) for _ in range(4)]
for thread in threads: thread.start()
for thread in threads: thread.join()
assert len(made) == 4, made
status = Path("/proc/self/status").read_text()
print(int(status.partition("VmHWM:")[2].split()[0]) // 1024)
"""
MOST_MB = 600


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_four_pictures_of_49_million_pixels_at_once(tmp_path: Path, kind: str) -> None:
    """All four are taken, one after the other: the desk's memory is bounded by one of them."""
    file = tmp_path / "huge"
    Image.new("RGB", (7000, 7000), "navy").save(file, kind)
    done = subprocess.run(
        [sys.executable, "-c", READ, str(file)],
        cwd=REPOSITORY,
        env={"KOTIRUUTU_DESK_SECRET": "x", "PATH": "/usr/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < MOST_MB


def test_a_large_picture_on_its_side_stands_upright_when_it_is_made_smaller() -> None:
    """Made smaller before it is turned: the way up is not lost."""
    picture = Image.new("RGB", (4000, 3000), "white")
    picture.paste("black", (0, 0, 4000, 600))
    exif = Image.Exif()
    exif[0x0112] = 6
    out = BytesIO()
    picture.save(out, "JPEG", exif=exif)
    out.seek(0)
    turned = Image.open(BytesIO(photo.square_jpeg(out, len(out.getvalue())))).convert("L")
    assert turned.getpixel((turned.width - 5, turned.height // 2)) < 60  # type: ignore[operator]
    assert turned.getpixel((5, turned.height // 2)) > 200  # type: ignore[operator]
