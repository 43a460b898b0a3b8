"""The caller's audio is continuous on any line; by calculation and by frequency."""

import math
import random
from fractions import Fraction

import av
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from device.media.playout import FRAME_SAMPLES, RATE_HZ, Playout
from device.media.voice import IncomingVoice
from tests.examples import examples

FRAME_S = FRAME_SAMPLES / RATE_HZ
LINE_S = 0.03


def packets(count: int, hz: float = 440.0) -> list[bytes]:
    """Return packets of a tone as a browser sends it."""
    encoder = av.CodecContext.create("libopus", "w")
    encoder.format, encoder.layout, encoder.sample_rate = av.AudioFormat("s16"), "mono", RATE_HZ
    encoder.time_base = Fraction(1, RATE_HZ)
    tone = (9000 * np.sin(2 * math.pi * hz * np.arange(count * FRAME_SAMPLES) / RATE_HZ)).astype(np.int16)
    found = []
    for number in range(count):
        part = tone[None, number * FRAME_SAMPLES : (number + 1) * FRAME_SAMPLES]
        frame = av.AudioFrame.from_ndarray(part, format="s16", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = RATE_HZ, number * FRAME_SAMPLES, encoder.time_base
        found += [bytes(packet) for packet in encoder.encode(frame)]
    return found


def arrivals(count: int, chance: random.Random, *, loss: float, jitter_s: float) -> list[tuple[float, int]]:
    """Return the arrival time of each packet that is not lost, in the order of arrival."""
    came = [
        (number * FRAME_S + LINE_S + chance.random() * jitter_s, number)
        for number in range(count)
        if chance.random() >= loss
    ]
    return sorted(came)


@settings(max_examples=examples(60))
@given(st.integers(), st.floats(0, 0.3), st.floats(0, 0.15), st.integers(0, 2**32 - 1))
def test_nothing_is_played_twice_or_out_of_order(seed: int, loss: float, jitter_s: float, first: int) -> None:
    """With any loss, delay, burst or wrap-around."""
    playout, played = Playout(), []
    line = arrivals(300, random.Random(seed), loss=loss, jitter_s=jitter_s)
    for take in range(320):
        now_s = take * FRAME_S
        while line and line[0][0] <= now_s:
            at, number = line.pop(0)
            playout.put((first + number * FRAME_SAMPLES) % 2**32, str(number).encode(), at)
        played += [int(each) for each in playout.take() or ()]
    assert played == sorted(set(played))


@pytest.mark.parametrize(("loss", "jitter_s"), [(0.0, 0.0), (0.03, 0.0), (0.03, 0.04), (0.1, 0.02)])
def test_only_what_the_line_lost_is_missing(loss: float, jitter_s: float) -> None:
    """Not five times as much, as with aiortc's own buffer."""
    playout, chance, count = Playout(), random.Random(7), 3000
    line = arrivals(count, chance, loss=loss, jitter_s=jitter_s)
    lost = count - len(line)
    for take in range(count):
        while line and line[0][0] <= take * FRAME_S:
            at, number = line.pop(0)
            playout.put(number * FRAME_SAMPLES, b"x", at)
        playout.take()
    assert playout.tally.missing <= lost + 0.01 * count
    assert playout.tally.played >= count - lost - 0.01 * count - 20


def test_a_pause_of_the_line_does_not_stay_in_the_conversation() -> None:
    """The delay of a burst is caught up within seconds, gradually."""
    playout = Playout()
    for number in range(100):
        playout.put(number * FRAME_SAMPLES, b"x", number * FRAME_S)
        playout.take()
    for _ in range(20):
        playout.take()
    for number in range(100, 800):
        playout.put(number * FRAME_SAMPLES, b"x", max(number, 120) * FRAME_S)
        if number >= 120:
            playout.take()
    assert playout.tally.squeezed > 5
    assert playout._level() <= playout.delay_samples + 3 * FRAME_SAMPLES


def played(loss: float, jitter_s: float) -> npt.NDArray[np.float64]:
    """Return ten seconds of a played tone, less the first."""
    voice, count = IncomingVoice(), 500
    sent = packets(count)
    line = arrivals(len(sent), random.Random(3), loss=loss, jitter_s=jitter_s)
    heard = []
    for block in range(2 * count):
        while line and line[0][0] <= block * FRAME_S / 2:
            at, number = line.pop(0)
            voice.put(number * FRAME_SAMPLES, sent[number], at)
        heard.append(voice.samples(FRAME_SAMPLES // 2))
    return np.concatenate(heard).astype(np.float64)[RATE_HZ:]


@pytest.mark.parametrize(("loss", "jitter_s"), [(0.0, 0.0), (0.05, 0.02)])
def test_a_tone_stays_a_tone(loss: float, jitter_s: float) -> None:
    """No clicks, no gaps: nearly all of the output has the tone's frequency, also where some is missing."""
    heard = played(loss, jitter_s)
    power = np.abs(np.fft.rfft(heard * np.hanning(len(heard)))) ** 2
    place = round(440 * len(heard) / RATE_HZ)
    assert power[place - 20 : place + 20].sum() / power.sum() > 0.97


def test_what_is_not_opus_is_passed_over() -> None:
    """Neither an empty packet nor noise ends the audio."""
    voice, sent = IncomingVoice(), packets(60)
    for number, packet in enumerate(sent):
        wrong = (b"", b"\xff\x00\xff", bytes(200))[number % 3] if 20 <= number < 30 else packet
        voice.put(number * FRAME_SAMPLES, wrong, number * FRAME_S)
        voice.samples(FRAME_SAMPLES)
    assert np.abs(voice.samples(FRAME_SAMPLES)).max() > 5000


def test_a_line_that_falls_silent_fades_out() -> None:
    """The last sound is not repeated for ever."""
    voice = IncomingVoice()
    for number, packet in enumerate(packets(50)):
        voice.put(number * FRAME_SAMPLES, packet, number * FRAME_S)
        voice.samples(FRAME_SAMPLES)
    voice.samples(RATE_HZ // 2)
    assert not voice.samples(RATE_HZ // 10).any()
