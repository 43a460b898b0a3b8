"""One suite for all speakers: simulated, and libvlc with a sound server."""

import queue
from collections.abc import Iterator

import pytest

from hal.mixing import DUCKED
from hal.ports import Ended, Sound, Speaker
from hal.simulated import SimulatedSpeaker
from hal.vlc_speaker import VlcSpeaker
from tests.link.waiting import eventually


@pytest.fixture(params=["simulated", "vlc"])
def speaker(request: pytest.FixtureRequest) -> Iterator[Speaker]:
    if request.param == "simulated":
        yield SimulatedSpeaker()
        return
    speaker: VlcSpeaker = request.getfixturevalue("vlc_speaker")
    yield speaker
    speaker.stop()
    for sound in Sound:
        speaker.set_volume(sound, 1.0)
    eventually(lambda: not speaker.playing, "silence")


@pytest.fixture
def ended(speaker: Speaker) -> "queue.Queue[Ended]":
    events: queue.Queue[Ended] = queue.Queue()
    speaker.watch(events.put)
    return events


def finish(speaker: Speaker, sound: Sound) -> None:
    """End a simulated sound; a real one ends by itself."""
    if isinstance(speaker, SimulatedSpeaker):
        speaker.finish(sound)


def test_a_sound_is_heard_and_ends(speaker: Speaker, ended: "queue.Queue[Ended]") -> None:
    """It is listed as playing until it has ended, and its end is reported."""
    speaker.play(Sound.CHIME)
    eventually(lambda: speaker.playing == {Sound.CHIME}, "it is heard")
    finish(speaker, Sound.CHIME)
    assert ended.get(timeout=5) == Ended(Sound.CHIME)
    assert speaker.playing == frozenset()
    assert speaker.health() == ""


def test_a_loop_goes_on_until_it_is_stopped(speaker: Speaker, ended: "queue.Queue[Ended]") -> None:
    """A ring does not end by itself, and ``stop`` reports no end."""
    speaker.play(Sound.RING, loop=True)
    eventually(lambda: speaker.playing == {Sound.RING}, "it rings")
    speaker.stop(Sound.RING)
    eventually(lambda: not speaker.playing, "silence")
    assert ended.empty()


def test_stop_silences_everything(speaker: Speaker) -> None:
    """After stop no sound of any class is playing: ring, alarm or speech."""
    speaker.play(Sound.RING, loop=True)
    speaker.play(Sound.ALARM, loop=True)
    speaker.say("Apu on tulossa", "fi")
    eventually(lambda: len(speaker.playing) == 3, "all of them are heard")
    speaker.stop()
    eventually(lambda: not speaker.playing, "silence")


def test_a_silent_volume_is_not_heard(speaker: Speaker) -> None:
    """At volume 0 ``playing`` is empty."""
    speaker.set_volume(Sound.RING, 0.0)
    speaker.play(Sound.RING, loop=True)
    speaker.play(Sound.ALARM, loop=True)
    eventually(lambda: speaker.playing == {Sound.ALARM}, "only the alarm is heard")
    speaker.set_volume(Sound.RING, 1.0)
    eventually(lambda: speaker.playing == {Sound.ALARM, Sound.RING}, "both are heard")


def test_sentences_follow_one_another(speaker: Speaker, ended: "queue.Queue[Ended]") -> None:
    """The end is reported once, after the last sentence."""
    speaker.say("Yksi.", "fi")
    speaker.say("Två.", "sv")
    eventually(lambda: Sound.SPEECH in speaker.playing, "it speaks")
    finish(speaker, Sound.SPEECH)
    finish(speaker, Sound.SPEECH)
    assert ended.get(timeout=8) == Ended(Sound.SPEECH)
    assert ended.empty()


def test_a_stop_forgets_what_waits_to_be_said(speaker: Speaker, ended: "queue.Queue[Ended]") -> None:
    """Nothing queued is spoken after ``stop``; the next sentence is."""
    for _ in range(3):
        speaker.say("Tämä on pitkä lause, joka ei lopu aivan heti.", "fi")
    eventually(lambda: Sound.SPEECH in speaker.playing, "it speaks")
    speaker.stop(Sound.SPEECH)
    eventually(lambda: not speaker.playing, "silence")
    speaker.say("Ja.", "da")
    eventually(lambda: Sound.SPEECH in speaker.playing, "it speaks again")
    finish(speaker, Sound.SPEECH)
    assert ended.get(timeout=5) == Ended(Sound.SPEECH)


@pytest.mark.parametrize("sound", [Sound.SPEECH, Sound.STREAM])
def test_speech_and_streams_have_verbs_of_their_own(speaker: Speaker, sound: Sound) -> None:
    """A programming error raises at once."""
    with pytest.raises(ValueError, match="verb of its own"):
        speaker.play(sound)


@pytest.mark.requirement("K3")
def test_help_is_loud_while_the_radio_is_made_quiet() -> None:
    """The calculated ducking; ``test_vlc_speaker`` measures it in the room."""
    speaker = SimulatedSpeaker()
    speaker.stream("http://radio")
    speaker.play(Sound.RING, loop=True)
    assert speaker.loudness(Sound.STREAM) == 1.0
    speaker.play(Sound.ALARM, loop=True)
    assert speaker.loudness(Sound.ALARM) == 1.0
    assert speaker.loudness(Sound.STREAM) == speaker.loudness(Sound.RING) == DUCKED
    speaker.stop(Sound.ALARM)
    assert speaker.loudness(Sound.STREAM) == 1.0
