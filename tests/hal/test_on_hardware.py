"""On a real tablet: KOTIRUUTU_BOARD=/etc/kotiruutu/board.toml python -m pytest tests/hal -m hardware."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from hal.board import load_board
from hal.fitting import build
from hal.ports import SELF_TEST_HZ, Hardware, Lamp, Pattern, Sound
from tests.link.waiting import eventually

pytestmark = pytest.mark.hardware


@pytest.fixture(scope="module")
def hardware() -> Iterator[Hardware]:
    name = os.environ.get("KOTIRUUTU_BOARD")
    if not name:
        pytest.skip("KOTIRUUTU_BOARD names no board.toml: there is no hardware to test")
    hardware = build(load_board(Path(name)))
    yield hardware
    hardware.close()


@pytest.mark.requirement("K8")
def test_everything_that_is_fitted_is_well(hardware: Hardware) -> None:
    """Within the time that a modem needs to register."""
    for name, part in hardware.parts():
        if name in hardware.fitted:
            eventually(lambda part=part: part.health() == "", name, 120)  # type: ignore[misc]


@pytest.mark.requirement("K8")
def test_the_microphone_hears_the_speaker(hardware: Hardware) -> None:
    """The nightly self-test at daytime volume."""
    if not {"speaker", "microphone"} <= hardware.fitted:
        pytest.skip("no speaker and microphone are fitted")
    hardware.speaker.play(Sound.SELF_TEST, loop=True)
    eventually(lambda: Sound.SELF_TEST in hardware.speaker.playing, "the tone sounds")
    reading = hardware.microphone.listen_for(SELF_TEST_HZ)
    hardware.speaker.stop()
    assert reading.heard, reading


def test_lamps_can_be_seen(hardware: Hardware) -> None:
    """A person must watch the lamps; the test only shows that no error is raised."""
    for lamp in Lamp:
        hardware.lights.show(lamp, Pattern.BLINKING)
    assert hardware.lights.health() == ""
