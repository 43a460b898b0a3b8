"""Whether the camera is present, before a call starts."""

from pathlib import Path

import pytest

from hal import adapters
from hal.board import BoardConfig
from hal.fitting import build


@pytest.mark.requirement("K8")
def test_a_camera_that_is_pulled_out_is_known_at_once(tmp_path: Path) -> None:
    """Only the device node is checked: the camera is not opened, so its light stays off."""
    node = tmp_path / "video0"
    hardware = build(BoardConfig(camera=adapters.V4l2(device=str(node))))
    assert hardware.fitted == {"camera"}
    assert hardware.camera.health() == "unplugged"
    node.symlink_to("/dev/null")
    assert hardware.camera.health() == ""
    node.unlink()
    node.write_text("a file")
    assert hardware.camera.health() == f"{node} is no camera"
    hardware.close()


def test_a_board_without_a_camera_lacks_nothing() -> None:
    """No fault is reported: calls work with voice and a photo."""
    hardware = build(BoardConfig())
    assert "camera" not in hardware.fitted
    assert hardware.camera.health() == ""
