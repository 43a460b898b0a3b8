"""A QR code before the wizard's camera, through the pictures that a camera gives."""

import io
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import av
import numpy as np
import pytest
import segno
from PIL import Image

from device.contract.claim import Invitation, invitation_text, read_invitation
from device.setup.camera import SetupCamera
from device.window_protocol.frames import FrameReader

CODE = Invitation(host="desk.example", claim="ABCDEFGH", mark="ABCDEFGHIJKLMNOPQRSTUVWXYZ")
PATIENCE_S = 20.0


class Desk:
    """A camera in front of the desk's page, held a little askew in a dim room."""

    def pictures(self) -> Iterator[av.VideoFrame]:
        drawn = io.BytesIO()
        segno.make(invitation_text(CODE), micro=False).save(drawn, kind="png", scale=6, border=4)
        code = Image.open(drawn).convert("L").rotate(7, expand=True, fillcolor=255)
        room = Image.new("L", (640, 480), 150)
        room.paste(code, (180, 60))
        picture = av.VideoFrame.from_ndarray(
            np.array(room.point(lambda level: level * 6 // 10)), format="gray"
        )
        while True:
            yield picture


@pytest.mark.requirement("K7")
def test_the_desks_code_is_read_and_its_picture_shown(tmp_path: Path) -> None:
    """While it is aimed at; afterwards the camera is dark and nothing of it is left."""
    texts: list[str] = []
    shown: list[tuple[str, str]] = []
    is_read = Event()

    def seen(text: str) -> None:
        texts.append(text)
        is_read.set()

    frames = tmp_path / "frames"
    camera = SetupCamera(Desk(), frames, shows=lambda path, why: shown.append((path, why)), seen=seen)
    camera.open()
    assert is_read.wait(PATIENCE_S)
    assert read_invitation(texts[0]) == CODE
    assert shown == [(str(frames), "")]
    with FrameReader(frames) as reader:
        picture = reader.newest()
    assert picture
    assert (picture.width_px, picture.height_px) == (640, 480)
    camera.close()
    assert not frames.exists()
