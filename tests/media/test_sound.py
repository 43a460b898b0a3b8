"""Audio devices that are missing, fail and come back; and echo cancellation."""

import contextlib
import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from device.media.echo import BLOCK_SAMPLES, VoiceCleaner
from device.media.playout import RATE_HZ
from tests.hal.conftest import ASOUND
from tests.hal.sound_room import SoundServer, band_dbfs, dbfs, ear
from tests.link.waiting import eventually
from tests.media.caller import Caller
from tests.media.core_end import BARS, REAL_SOUND, CoreCall, CoreEnd, MediaServer
from tests.media.test_calls import take


@contextlib.contextmanager
def taken(folder: Path, board: str, surroundings: dict[str, str], caller: Caller) -> Iterator[CoreCall]:
    """Connect a call with video, whatever its audio."""
    server = MediaServer(folder, board, surroundings)
    core = CoreEnd(server)
    try:
        call = core.call()
        ready = call.prepare(caller.offer(hz=700))
        take(call, caller, ready.answer)
        yield call
    finally:
        core.close()
        server.stop()


@pytest.fixture
def own_sound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SoundServer]:
    """Start a sound server that a test may kill."""
    (tmp_path / "asound.conf").write_text(ASOUND)
    server = SoundServer(tmp_path)
    monkeypatch.setenv("PULSE_SERVER", f"unix:{server.socket}")
    server.start()
    yield server
    server.kill()


def surroundings_of(server: SoundServer) -> dict[str, str]:
    return {
        "PULSE_SERVER": f"unix:{server.socket}",
        "PULSE_SOURCE": "room.monitor",
        "ALSA_CONFIG_PATH": f"/usr/share/alsa/alsa.conf:{server.socket.parent / 'asound.conf'}",
    }


def test_without_any_sound_the_call_goes_on_and_says_what_is_wrong(
    short_path: Path, tmp_path: Path, caller: Caller
) -> None:
    """Neither microphone nor loudspeaker can be opened; video works both ways."""
    nowhere = {"PULSE_SERVER": f"unix:{tmp_path}/none"}
    with taken(short_path, REAL_SOUND + BARS, nowhere, caller) as call:
        eventually(lambda: call.troubles().keys() == {"microphone", "speaker"}, "both are reported")
        eventually(lambda: caller.seen((0.5, 0.5)), "our picture")


def test_a_part_that_is_not_fitted_is_reported(short_path: Path, caller: Caller) -> None:
    """The caller's page may offer text instead."""
    with taken(short_path, BARS, {}, caller) as call:
        eventually(
            lambda: call.troubles() == dict.fromkeys(("microphone", "speaker"), "none is fitted"), "both"
        )


def test_a_sound_server_that_dies_is_used_again_when_it_is_back(
    short_path: Path, own_sound: SoundServer, caller: Caller
) -> None:
    """The call continues meanwhile, and the caller is audible again."""
    with taken(short_path, REAL_SOUND + BARS, surroundings_of(own_sound), caller) as call:
        with ear() as room:
            eventually(lambda: band_dbfs(room.listen(0.3), 700) > -40, "the caller is heard")
        own_sound.kill()
        eventually(lambda: call.troubles().keys() == {"microphone", "speaker"}, "it is reported", 15)
        own_sound.start()
        eventually(lambda: call.troubles() == {}, "it works again", 15)
        with ear() as room:
            eventually(lambda: band_dbfs(room.listen(0.3), 700) > -40, "the caller is heard again")


def speech(seconds: float, seed: int) -> npt.NDArray[np.float64]:
    """Return a substitute for speech: noise of a voice's frequencies, in syllables."""
    count = int(seconds * RATE_HZ)
    noise = np.random.default_rng(seed).normal(size=count)
    spectrum = np.fft.rfft(noise)
    hz = np.fft.rfftfreq(count, 1 / RATE_HZ)
    spectrum[(hz < 150) | (hz > 3500)] = 0
    voice = np.fft.irfft(spectrum, count)
    syllables = 0.5 + 0.5 * np.sin(2 * math.pi * 3 * np.arange(count) / RATE_HZ)
    spoken: npt.NDArray[np.float64] = 4000 * voice / voice.std() * syllables
    return spoken


@pytest.mark.requirement("V10")
def test_the_caller_does_not_hear_themselves() -> None:
    """The loudspeaker's echo is removed; the room's own sound stays."""
    cleaner = VoiceCleaner()
    caller, resident = speech(8, 1), speech(8, 2)
    resident[: 6 * RATE_HZ] = 0
    delay = int(0.09 * RATE_HZ)
    echo = 0.5 * np.concatenate((np.zeros(delay), caller))[: len(caller)]
    sent = []
    for start in range(0, len(caller), BLOCK_SAMPLES):
        part = slice(start, start + BLOCK_SAMPLES)
        cleaner.played(caller[part].astype("<i2").tobytes())
        sent.append(np.frombuffer(cleaner.cleaned((echo + resident)[part].astype("<i2").tobytes()), "<i2"))
    heard = np.concatenate(sent) / 32_768
    alone = slice(4 * RATE_HZ, 6 * RATE_HZ)
    assert dbfs(heard[alone]) < dbfs(echo[alone] / 32_768) - 25
    assert dbfs(heard[6 * RATE_HZ :]) > dbfs(resident[6 * RATE_HZ :] / 32_768) - 12
