"""A simulated loudspeaker, whose sounds tests inspect and end."""

from collections.abc import Callable

from hal.listener import Listener
from hal.mixing import cut, mixed
from hal.ports import Ended, Sound
from hal.simulated.component import SimulatedComponent


class SimulatedSpeaker(SimulatedComponent):
    """A speaker whose sounds play until ``finish`` or ``stop``."""

    def __init__(self) -> None:
        super().__init__()
        self._on: set[Sound] = set()
        self._sentences = 0
        self._volume = dict.fromkeys(Sound, 1.0)
        self._listener = Listener[Ended]()

    @property
    def playing(self) -> frozenset[Sound]:
        """Return the classes that were started, have not ended and are not silent."""
        return frozenset() if self.dead else frozenset(sound for sound in self._on if self._volume[sound])

    def play(self, sound: Sound, *, loop: bool = False) -> None:
        """Start a sound other than speech and streams. Raises ``ValueError`` for those."""
        if sound in (Sound.SPEECH, Sound.STREAM):
            raise ValueError(f"{sound} has a verb of its own")
        self._start(sound, "loop" if loop else "play", sound)

    def say(self, text: str, language: str) -> None:
        """Queue a sentence; it counts as being spoken until it is ended."""
        if self._start(Sound.SPEECH, "say", text, language):
            self._sentences += 1

    def stream(self, url: str) -> None:
        """Start a stream in place of the one before."""
        self._start(Sound.STREAM, "stream", url)

    def stop(self, sound: Sound | None = None) -> None:
        """Stop one class, or everything."""
        self.note("stop", sound or "everything")
        self._on -= {sound} if sound else set(Sound)
        if sound in (None, Sound.SPEECH):
            self._sentences = 0

    def set_volume(self, sound: Sound, volume: float) -> None:
        """Set the volume of a class, 0 to 1."""
        self._volume[sound] = cut(volume)
        self.note("volume", sound, self._volume[sound])

    def loudness(self, sound: Sound) -> float:
        """Return the current effective volume, 0 to 1, with ducking applied."""
        return mixed(sound, self._volume[sound], self.playing) if sound in self.playing else 0.0

    def finish(self, sound: Sound, reason: str = "") -> None:
        """End a sound (of speech: its sentence); with a ``reason`` a stream breaks off."""
        if sound is Sound.SPEECH and self._sentences > 1:
            self._sentences -= 1
        elif sound in self._on:
            self._on.discard(sound)
            self._sentences = 0 if sound is Sound.SPEECH else self._sentences
            self._listener.notify(Ended(sound, reason))

    def watch(self, heard: Callable[[Ended], None]) -> None:
        """Set the callback for ended sounds; it is called on the thread that ends them."""
        self._listener.set(heard)

    def close(self) -> None:
        """Stop all sounds permanently; ends are reported no more."""
        super().close()
        self._listener.clear()

    def _start(self, sound: Sound, *entry: str) -> bool:
        self.note(*entry)
        if self.dead:
            return False
        self._on.add(sound)
        return True
