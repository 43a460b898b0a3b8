"""The loudspeaker through libvlc: speech, rings and streams."""

import logging
import queue
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import vlc

from hal import sounds
from hal.espeak_speech import Spoken
from hal.listener import Listener
from hal.mixing import cut, mixed
from hal.ports import Ended, HardwareAbsent, HardwareError, Sound
from hal.sound_output import Output, OutputName, output
from hal.speech_queue import SpeechQueue
from hal.vlc_memory import MemorySound
from hal.vlc_player import VlcPlayer

_log = logging.getLogger(__name__)

_LOOK_S = 0.1
_WARM_UP_S = 3.0
# libvlc drops some milliseconds of the beginning and reports "ended" before the end is played: without this
# padding a short sound was cut to a third, or not heard at all.
_LEAD_S, _TAIL_S = 0.01, 0.4
# Time without samples before it counts as silence: opening an output, or a stream's first seconds. A stream,
# last, gets more.
_PATIENCE_S = (1.5, 15.0)
_OPTIONS = ["--no-video", "--quiet", "--no-xlib", "--intf=dummy", "--no-lua", "--no-media-library"]


class _Playing(NamedTuple):
    """A sound that plays; ``again`` if looped, ``moved`` once samples were sent, last at ``moved_s``."""

    player: VlcPlayer
    again: Callable[[], None] | None
    moved_s: float
    moved: bool = False


class VlcSpeaker:
    """Runs all of libvlc on one thread; no method of the port blocks."""

    def __init__(self, output_name: OutputName = "pulse", watch: Output | None = None) -> None:
        """Load libvlc.

        Raises ``HardwareAbsent`` where it, or the sound server's library, is not installed.
        """
        try:
            self._output = watch or output(output_name)
            self._instance: Any = vlc.Instance([*_OPTIONS, f"--aout={output_name}"])
        except (NameError, OSError, ImportError) as error:
            raise HardwareAbsent(f"sound cannot be played: {error}") from None
        if self._instance is None:
            raise HardwareAbsent("sound cannot be played: libvlc does not start")
        self._volumes = dict.fromkeys(Sound, 1.0)
        self._on: dict[Sound, _Playing] = {}
        self._speech = SpeechQueue(lambda turn, made: self._work.put(partial(self._speak, turn, made)))
        self._heard: frozenset[Sound] = frozenset()
        self._silent_since_s: float | None = None
        self._faults: dict[str, str] = {}
        self._listener = Listener[Ended]()
        self._work: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, daemon=True, name="speaker")
        self._thread.start()

    @property
    def playing(self) -> frozenset[Sound]:
        """Return what is audible, at most a tenth of a second old."""
        return self._heard

    def play(self, sound: Sound, *, loop: bool = False) -> None:
        """Play one of the synthesised sounds."""
        if sound not in sounds.TUNES:
            raise ValueError(f"{sound} has a verb of its own")
        self._work.put(partial(self._play, sound, loop=loop))

    def say(self, text: str, language: str) -> None:
        """Queue a sentence to speak."""
        self._work.put(partial(self._speech.add, text, language))

    def stream(self, url: str) -> None:
        """Play whatever libvlc can open: HTTP, HLS, RTSP, files."""
        self._work.put(partial(self._stream, url))

    def stop(self, sound: Sound | None = None) -> None:
        """Stop one class, or everything."""
        self._work.put(partial(self._stop, sound))

    def set_volume(self, sound: Sound, volume: float) -> None:
        """Set a volume at once, also for what plays."""
        self._volumes[sound] = cut(volume)
        self._work.put(self._mix)

    def watch(self, heard: Callable[[Ended], None]) -> None:
        """Set the callback; it is called on the speaker's thread."""
        self._listener.set(heard)

    def health(self) -> str:
        """Return the last playback fault, until a sound is audible again."""
        return "; ".join(self._faults.values())

    def close(self) -> None:
        """Stop all sounds and end the thread."""
        self._listener.clear()
        self._work.put(None)
        if threading.current_thread() is not self._thread:
            self._thread.join(timeout=5.0)

    def _run(self) -> None:
        warm = self._warm_up()
        while True:
            try:
                work = self._work.get(timeout=_LOOK_S if self._on else None)
            except queue.Empty:
                work = self._look
            if work is None:
                break
            try:
                work()
            except Exception as error:  # noqa: BLE001 - the next alarm must still be heard
                _log.exception("the speaker failed")
                self._faults["output"] = f"{type(error).__name__}: {error}"
        self._stop(None)
        warm.release()
        self._output.close()

    def _warm_up(self) -> VlcPlayer:
        """Play a first sound inaudibly: it loads plugins, starts half a second late and is cut short."""
        player = self._memory(b"", sounds.RATE_HZ, loop=False, volume=0.0)
        threading.Thread(target=_make_all, daemon=True, name="sounds").start()
        deadline_s = time.monotonic() + _WARM_UP_S
        while player.is_over() is None and time.monotonic() < deadline_s:
            time.sleep(_LOOK_S)
        return player

    def _play(self, sound: Sound, *, loop: bool) -> None:
        self._silence(sound)
        player = self._memory(sounds.pcm(sound), sounds.RATE_HZ, loop=loop, volume=self._volume(sound))
        self._start(sound, player, partial(self._play, sound, loop=True) if loop else None)

    def _stream(self, url: str) -> None:
        self._silence(Sound.STREAM)
        player = VlcPlayer(self._instance, self._instance.media_new(url), self._volume(Sound.STREAM))
        self._start(Sound.STREAM, player)

    def _speak(self, turn: int, made: Spoken | HardwareError) -> None:
        if isinstance(made, HardwareError):
            self._faults["speech"] = str(made)
            if self._speech.is_turn(turn):
                self._over(Sound.SPEECH, str(made))
        elif self._speech.is_turn(turn):
            self._faults.pop("speech", None)
            volume = self._volume(Sound.SPEECH)
            self._start(Sound.SPEECH, self._memory(made.pcm, made.rate_hz, loop=False, volume=volume))

    def _memory(self, pcm: bytes, rate_hz: int, *, loop: bool, volume: float) -> VlcPlayer:
        if not loop:
            pcm = _silence(_LEAD_S, rate_hz) + pcm + _silence(_TAIL_S, rate_hz)
        memory = MemorySound(pcm, rate_hz, loop=loop)
        return VlcPlayer(self._instance, memory.media(self._instance), volume, memory)

    def _start(self, sound: Sound, player: VlcPlayer, again: Callable[[], None] | None = None) -> None:
        now_s = time.monotonic()
        self._on[sound] = _Playing(player, again, moved_s=now_s)
        player.when_over(lambda: self._work.put(self._look))
        self._mix()

    def _stop(self, sound: Sound | None) -> None:
        if sound in (None, Sound.SPEECH):
            self._speech.clear()
        for one in [sound] if sound else list(self._on):
            self._silence(one)
        self._mix()

    def _silence(self, sound: Sound) -> None:
        self._heard -= {sound}
        if playing := self._on.pop(sound, None):
            playing.player.release()

    def _volume(self, sound: Sound) -> float:
        return mixed(sound, self._volumes[sound], self._on)

    def _mix(self) -> None:
        for sound, playing in self._on.items():
            playing.player.set_volume(self._volume(sound))

    def _look(self) -> None:
        """Check which sounds ended, which are audible and which went silent."""
        now_s = time.monotonic()
        for sound, playing in list(self._on.items()):
            if playing.player.moves():
                self._on[sound] = playing._replace(moved_s=now_s, moved=True)
            if (reason := playing.player.is_over()) is not None:
                self._end(sound, reason or ("the stream ended" if sound is Sound.STREAM else ""))
            elif now_s - self._on[sound].moved_s > _PATIENCE_S[sound is Sound.STREAM]:
                self._end(sound, "nothing comes from it")
        self._listen(now_s)

    def _listen(self, now_s: float) -> None:
        """Ask the output itself: libvlc does not detect that it has disappeared."""
        fault = self._output.fault() if self._on else ""
        if not fault:
            moved = {sound for sound, playing in self._on.items() if playing.moved}
            self._heard = frozenset(sound for sound in moved if self._volumes[sound])
            self._silent_since_s = None
            if moved:
                self._faults.pop("output", None)
            return
        self._heard = frozenset()
        self._silent_since_s = self._silent_since_s or now_s
        if now_s - self._silent_since_s > _PATIENCE_S[False]:
            self._silent_since_s = now_s
            self._faults["output"] = fault
            self._try_again(fault)

    def _try_again(self, fault: str) -> None:
        """Restart what is looped until it is audible; a sound that is not looped is too late."""
        _log.warning("sound does not leave the device: %s", fault)
        for sound, playing in list(self._on.items()):
            if playing.again:
                playing.again()
            else:
                self._end(sound, fault)

    def _end(self, sound: Sound, reason: str) -> None:
        self._silence(sound)
        self._mix()
        self._over(sound, reason)

    def _over(self, sound: Sound, reason: str) -> None:
        """Report the end of a sound; of speech, after the last sentence."""
        if sound is Sound.SPEECH:
            self._speech.advance()
        if sound is not Sound.SPEECH or not self._speech.busy:
            self._listener.notify(Ended(sound, reason))


def _silence(seconds: float, rate_hz: int) -> bytes:
    return bytes(2 * round(seconds * rate_hz))


def _make_all() -> None:
    for sound in sounds.TUNES:
        sounds.pcm(sound)
