"""The loudspeaker's output, by frequency and loudness."""

import queue
import wave
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from hal import sounds
from hal.ports import SELF_TEST_HZ, Ended, Sound
from hal.vlc_speaker import VlcSpeaker
from tests.hal.sound_room import (
    RATE_HZ,
    Ear,
    Samples,
    SoundServer,
    band_dbfs,
    dbfs,
    first_sound,
    peak_hz,
    undisturbed,
)
from tests.link.waiting import eventually


@pytest.fixture
def speaker(vlc_speaker: VlcSpeaker) -> VlcSpeaker:
    return vlc_speaker


@pytest.fixture(autouse=True)
def silence_afterwards(speaker: VlcSpeaker, room: Ear) -> Iterator[None]:
    yield
    speaker.stop()
    for sound in Sound:
        speaker.set_volume(sound, 1.0)
    eventually(lambda: dbfs(room.listen(0.05)) < -70, "silence")


def tone_file(folder: Path, hz: float, seconds: float = 20.0) -> str:
    """Write a WAV file to play as a stream."""
    path = folder / f"{hz:.0f}.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        samples = 8000 * np.sin(2 * np.pi * hz * np.arange(round(seconds * RATE_HZ)) / RATE_HZ)
        file.writeframes(samples.astype("<i2").tobytes())
    return path.as_uri()


def sound_since(room: Ear, place: int) -> int | None:
    """Return the number of silent samples since the position, at least one."""
    found = first_sound(room.heard_since(place))
    return None if found is None else max(1, found)


@pytest.mark.parametrize(
    ("sound", "frequencies"),
    [
        (Sound.HELP, {660, 880}),
        (Sound.ALARM, {770, 960}),
        (Sound.FORCED_CALL, {698}),
        (Sound.RING, {523, 659, 784}),
        (Sound.CHIME, {784, 587}),
        (Sound.TOUCH, {740}),
        (Sound.SELF_TEST, {880}),
    ],
)
def test_each_sound_is_heard_as_itself(
    speaker: VlcSpeaker, room: Ear, sound: Sound, frequencies: set[float]
) -> None:
    """At its own frequencies, all between 500 and 1000 Hz, and loud enough."""
    place = room.place()
    speaker.play(sound)
    eventually(lambda: first_sound(room.heard_since(place)) is not None, "it is heard")
    seconds = min(1.7, sounds.TUNES[sound].length_s)
    room.listen(seconds)
    found = room.heard_since(place)
    loud = found[first_sound(found) or 0 :][: round(seconds * RATE_HZ)]
    assert min(abs(peak_hz(loud) - hz) for hz in frequencies) < 8
    for hz in frequencies:
        assert band_dbfs(loud, hz) > -45
        assert 500 < hz < 1000
    assert -6.5 < 20 * np.log10(np.max(np.abs(found))) < -5.5


def test_a_short_sound_is_heard_whole(speaker: VlcSpeaker, room: Ear) -> None:
    """From its soft start to its end; of one in five a busy sound server may leave out a little."""
    length_s = max(note.start_s + note.length_s for note in sounds.TUNES[Sound.HELP].notes)
    heard_s = []
    for _ in range(5):
        place = room.place()
        speaker.play(Sound.HELP)
        room.listen(0.8)
        found = np.flatnonzero(np.abs(room.heard_since(place)) > 0.005)
        heard_s.append((found[-1] - found[0]) / RATE_HZ)
    disturbed_s, *whole_s = sorted(heard_s)
    assert min(whole_s) > length_s - 0.01
    assert disturbed_s > length_s - 0.05


def test_sounds_are_distinguished() -> None:
    """No two classes share both their strongest tone and their length."""
    faces = {
        sound: (
            round(peak_hz(np.frombuffer(sounds.pcm(sound), dtype="<i2").astype(np.float64)) / 10),
            tune.length_s,
        )
        for sound, tune in sounds.TUNES.items()
    }
    assert len(set(faces.values())) == len(faces)


@pytest.mark.requirement("K8")
def test_a_loop_has_no_gap(speaker: VlcSpeaker, room: Ear) -> None:
    """More than two seconds of a one-second tone: no gap of 5 ms, and its frequency within half a hertz.

    Where the processor was busy elsewhere the sound stops too: a gap of our own would come back each second.
    """
    speaker.play(Sound.SELF_TEST, loop=True)
    eventually(lambda: Sound.SELF_TEST in speaker.playing, "it is heard")
    heard = next((each for each in (room.listen(2.2) for _ in range(2)) if quietest(each) > 0.4), None)
    assert heard is not None
    assert abs(peak_hz(heard) - SELF_TEST_HZ) < 0.5
    assert abs(dbfs(heard) - -9.0) < 0.5


def quietest(heard: Samples) -> float:
    """Return the peak of the quietest 5 ms."""
    windows = np.abs(heard[: len(heard) // 240 * 240]).reshape(-1, 240).max(axis=1)
    return float(windows.min())


def test_half_the_volume_is_18_db_less_from_the_first_sample(speaker: VlcSpeaker, room: Ear) -> None:
    """No burst of full loudness before the volume takes effect."""
    speaker.set_volume(Sound.SELF_TEST, 0.5)
    place = room.place()
    speaker.play(Sound.SELF_TEST, loop=True)
    eventually(lambda: Sound.SELF_TEST in speaker.playing, "it is heard")
    room.listen(0.5)
    assert np.abs(room.heard_since(place)).max() < 0.08
    assert abs(undisturbed(lambda: dbfs(room.listen(0.3))) - -27.0) < 1.0
    speaker.set_volume(Sound.SELF_TEST, 1.0)
    eventually(lambda: dbfs(room.listen(0.1)) > -10, "it is loud at once")


@pytest.mark.requirement("K3")
def test_the_radio_is_made_quiet_while_the_alarm_sounds(
    speaker: VlcSpeaker, room: Ear, tmp_path: Path
) -> None:
    """24 dB less, and the same as before afterwards."""
    speaker.stream(tone_file(tmp_path, 400))
    eventually(lambda: Sound.STREAM in speaker.playing, "the radio is heard")
    alone = undisturbed(lambda: band_dbfs(room.listen(0.5), 400))
    speaker.play(Sound.ALARM, loop=True)
    eventually(lambda: Sound.ALARM in speaker.playing, "the alarm is heard")
    assert -26 < undisturbed(lambda: band_dbfs(room.listen(1.0), 400)) - alone < -22
    assert undisturbed(lambda: band_dbfs(room.listen(1.0), 960)) > -25
    speaker.stop(Sound.ALARM)
    eventually(lambda: abs(band_dbfs(room.listen(0.2), 400) - alone) < 1, "the radio is as before")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fi", "Apua."),
        ("sv", "Hjälp."),
        ("da", "Hjælp."),
        ("en", "Help."),
    ],
)
@pytest.mark.requirement("K13")
def test_speech_is_heard_in_every_language(speaker: VlcSpeaker, room: Ear, language: str, text: str) -> None:
    """Loud enough, and over after a sentence's time."""
    ended: queue.Queue[Ended] = queue.Queue()
    speaker.watch(ended.put)
    place = room.place()
    speaker.say(text, language)
    assert ended.get(timeout=8) == Ended(Sound.SPEECH)
    heard = room.heard_since(place)
    spoken = heard[np.abs(heard) > 0.02]
    assert len(heard) > 0.5 * RATE_HZ
    assert len(spoken) > 0.1 * RATE_HZ
    assert np.abs(heard).max() > 0.4


def test_a_text_that_looks_like_an_option_is_spoken(speaker: VlcSpeaker, room: Ear) -> None:
    """Text from outside is never an option of a program."""
    ended: queue.Queue[Ended] = queue.Queue()
    speaker.watch(ended.put)
    place = room.place()
    speaker.say("--version", "en")
    assert ended.get(timeout=8) == Ended(Sound.SPEECH)
    assert np.abs(room.heard_since(place)).max() > 0.4


def test_a_stream_that_is_not_there_says_so(speaker: VlcSpeaker, tmp_path: Path) -> None:
    """A reason is reported, and it is never listed as playing."""
    ended: queue.Queue[Ended] = queue.Queue()
    speaker.watch(ended.put)
    speaker.stream((tmp_path / "nothing.mp3").as_uri())
    over = ended.get(timeout=8)
    assert over.sound is Sound.STREAM
    assert over.reason
    assert speaker.playing == frozenset()


@pytest.mark.requirement("K3")
def test_a_press_is_heard_at_once(speaker: VlcSpeaker, room: Ear) -> None:
    """No buffer holds back a tenth of a second: the quickest of ten, as a busy machine makes others later."""
    delays_s = []
    for _ in range(10):
        place = room.place()
        speaker.play(Sound.HELP)
        silent = eventually(partial(sound_since, room, place), "it is heard")
        assert silent
        delays_s.append(silent / RATE_HZ)
        speaker.stop()
        eventually(lambda: dbfs(room.listen(0.05)) < -60, "silence")
    assert min(delays_s) < 0.1, delays_s


@pytest.mark.requirement("K3", "K8")
def test_a_sound_server_that_dies_is_a_fault_and_the_alarm_comes_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The player keeps "playing"; the speaker reports that nothing is audible, and recovers by itself."""
    server = SoundServer(tmp_path)
    monkeypatch.setenv("PULSE_SERVER", f"unix:{server.socket}")
    server.start()
    speaker = VlcSpeaker("pulse")
    ended: queue.Queue[Ended] = queue.Queue()
    speaker.watch(ended.put)
    speaker.play(Sound.ALARM, loop=True)
    speaker.play(Sound.FORCED_CALL)
    eventually(lambda: Sound.ALARM in speaker.playing, "the alarm is heard")
    server.kill()
    eventually(lambda: not speaker.playing, "nothing is said to be heard")
    eventually(lambda: "sound server" in speaker.health(), "its health says why")
    assert ended.get(timeout=5).sound is Sound.FORCED_CALL
    server.start()
    eventually(lambda: Sound.ALARM in speaker.playing, "the alarm is heard again")
    assert speaker.health() == ""
    speaker.close()
    server.kill()
