"""From the simulated button through the real core to the real loudspeaker, measured at its output."""

import os
import tempfile
from pathlib import Path

import pytest

from device.contract.documents import View
from tests.device.core_process import CoreProcess
from tests.hal.sound_room import RATE_HZ, Ear, SoundServer, band_dbfs, dbfs, first_sound
from tests.link.waiting import eventually

BOARD = """
[buttons]
adapter = "simulated"
[speaker]
adapter = "vlc"
"""


@pytest.mark.requirement("K3")
def test_a_press_is_heard_in_the_room(sound_server: SoundServer, room: Ear) -> None:
    """The two notes of help are played first, then a voice."""
    with tempfile.TemporaryDirectory(prefix="kr-") as folder:
        core = CoreProcess(Path(folder), View(version=1, language="sv"), BOARD)
        with core.running({"PULSE_SERVER": os.environ["PULSE_SERVER"]}):
            place = room.place()
            core.sim(press="help")
            eventually(lambda: _begins(room, place), "something is heard")
            begins = place + (_begins(room, place) or 0)
            eventually(lambda: room.place() > begins + 3 * RATE_HZ, "three seconds pass", 10)
            heard = room.heard_since(begins)
            first, voice = heard[: round(0.4 * RATE_HZ)], heard[round(0.6 * RATE_HZ) :]
            assert min(band_dbfs(first, 660), band_dbfs(first, 880)) > -35
            assert dbfs(voice) > -45


def _begins(room: Ear, place: int) -> int | None:
    return first_sound(room.heard_since(place))
