"""One suite for all microphones: simulated, and PortAudio in a room with a speaker."""

import math
from array import array
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hal import tones
from hal.ports import SELF_TEST_HZ, SILENCE_DBFS, HardwareError, Microphone, Sound, Speaker
from hal.simulated import SimulatedMicrophone, SimulatedSpeaker
from hal.sounddevice_microphone import SounddeviceMicrophone
from hal.vlc_speaker import VlcSpeaker
from tests.examples import examples
from tests.hal.sound_room import Ear
from tests.link.waiting import eventually


@pytest.fixture
def real(vlc_speaker: VlcSpeaker, room: Ear) -> Iterator[tuple[Microphone, Speaker]]:
    microphone = SounddeviceMicrophone()
    yield microphone, vlc_speaker
    microphone.close()
    vlc_speaker.set_volume(Sound.SELF_TEST, 1.0)


@pytest.fixture(params=["simulated", "portaudio"])
def pair(request: pytest.FixtureRequest) -> tuple[Microphone, Speaker]:
    if request.param == "simulated":
        speaker = SimulatedSpeaker()
        return SimulatedMicrophone(speaker), speaker
    pair: tuple[Microphone, Speaker] = request.getfixturevalue("real")
    return pair


@pytest.mark.requirement("K8")
def test_the_self_test_tone_is_heard_while_it_sounds(pair: tuple[Microphone, Speaker]) -> None:
    """Not before and not after: a microphone that detects what does not sound proves nothing."""
    microphone, speaker = pair
    assert not microphone.listen_for(SELF_TEST_HZ).heard
    speaker.set_volume(Sound.SELF_TEST, 0.5)
    speaker.play(Sound.SELF_TEST, loop=True)
    eventually(lambda: Sound.SELF_TEST in speaker.playing, "the tone sounds")
    reading = microphone.listen_for(SELF_TEST_HZ)
    assert reading.heard
    assert microphone.level_dbfs() > -50
    assert not microphone.listen_for(1.31 * SELF_TEST_HZ).heard
    speaker.stop(Sound.SELF_TEST)
    eventually(lambda: not microphone.listen_for(SELF_TEST_HZ, 0.1).heard, "silence")
    assert microphone.health() == ""


def test_the_tone_is_measured_as_loud_as_it_is(real: tuple[Microphone, Speaker]) -> None:
    """A sine of half the full scale has -9 dBFS."""
    microphone, speaker = real
    speaker.set_volume(Sound.SELF_TEST, 1.0)
    speaker.play(Sound.SELF_TEST, loop=True)
    eventually(lambda: Sound.SELF_TEST in speaker.playing, "the tone sounds")
    eventually(lambda: abs(microphone.listen_for(SELF_TEST_HZ).tone_dbfs - -9.0) < 1.0, "the tone's loudness")
    assert abs(microphone.level_dbfs() - -9.0) < 1.0
    speaker.stop()


@pytest.mark.requirement("K8")
def test_a_microphone_that_is_not_there_raises_and_says_so(sound_server: object) -> None:
    """The self-test must not take a missing microphone for silence."""
    microphone = SounddeviceMicrophone("no such thing")
    with pytest.raises(HardwareError):
        microphone.level_dbfs()
    assert "no such thing" in microphone.health()


def test_a_simulated_microphone_can_be_muted_or_gone() -> None:
    """Tests of the self-test use it."""
    speaker = SimulatedSpeaker()
    microphone = SimulatedMicrophone(speaker)
    speaker.play(Sound.SELF_TEST, loop=True)
    microphone.muted = True
    assert not microphone.listen_for(SELF_TEST_HZ).heard
    microphone.unplug()
    with pytest.raises(HardwareError, match="unplugged"):
        microphone.level_dbfs()


@settings(max_examples=examples(40))
@given(st.floats(400, 2000), st.floats(0.001, 1.0))
def test_any_tone_is_found_at_its_frequency_and_nowhere_else(hz: float, amplitude: float) -> None:
    """By calculation: within half a decibel, and 10 dB less at a sixth away."""
    samples = array(
        "h", (round(32_767 * amplitude * math.sin(2 * math.pi * hz * at / 16_000)) for at in range(3200))
    )
    expected = 20 * math.log10(amplitude / math.sqrt(2))
    assert abs(tones.read_tone(samples, 16_000, hz).tone_dbfs - expected) < 0.5
    assert tones.read_tone(samples, 16_000, hz * 7 / 6).tone_dbfs < expected - 10


@settings(max_examples=examples(20))
@given(off=st.floats(-0.002, 0.002))
def test_a_tone_that_two_clocks_have_moved_is_heard(off: float) -> None:
    """A loudspeaker and a microphone that differ by two in a thousand, over the second that is listened."""
    hz = SELF_TEST_HZ * (1 + off)
    samples = array("h", (round(8000 * math.sin(2 * math.pi * hz * at / 16_000)) for at in range(16_000)))
    assert tones.read_tone(samples, 16_000, SELF_TEST_HZ).heard


def test_silence_has_a_floor() -> None:
    """The level of silence is finite."""
    assert tones.level_dbfs(array("h")) == SILENCE_DBFS
    assert not tones.read_tone(array("h", [0] * 1000), 16_000, SELF_TEST_HZ).heard
