"""The loudspeaker: chimes, ring tone, alarm, speech, radio."""

from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple, Protocol

from hal.ports.component import Component


class Sound(StrEnum):
    """Classes of sound, each with its own volume. At most one sound of each class plays at a time."""

    HELP = "help"  # acknowledges a press for help
    ALARM = "alarm"
    FORCED_CALL = "forced-call"
    SPEECH = "speech"
    RING = "ring"
    CHIME = "chime"  # a reminder or a message
    INVITATION = "invitation"  # an event begins, and the resident may join
    TOUCH = "touch"  # acknowledges a touch
    STREAM = "stream"  # café, radio
    SELF_TEST = "self-test"  # a tone for the microphone, see ``SELF_TEST_HZ``


# A frequency that old people still hear well and small speakers play loudly.
SELF_TEST_HZ = 880.0


class Ended(NamedTuple):
    """A sound that was not looped has ended, or a stream broke off: then ``reason`` says why."""

    sound: Sound
    reason: str = ""


class Speaker(Component, Protocol):
    """Plays one sound of each class at a time, all classes together.

    Streams, chimes and the ring are ducked while help, alarm, forced call or speech plays.
    """

    @property
    def playing(self) -> frozenset[Sound]:
        """Return the classes that are audible now: the sound device consumes samples, at a volume above 0."""

    def play(self, sound: Sound, *, loop: bool = False) -> None:
        """Play a sound from its start, without a gap if ``loop``.

        Raises ``ValueError`` for ``SPEECH`` and ``STREAM``.
        """

    def say(self, text: str, language: str) -> None:
        """Queue a sentence to speak. ``language`` is ``fi``, ``sv``, ``da`` or ``en``."""

    def stream(self, url: str) -> None:
        """Play a stream until it ends or ``stop`` is called."""

    def stop(self, sound: Sound | None = None) -> None:
        """Stop one class (for speech: its queue too), or everything."""

    def set_volume(self, sound: Sound, volume: float) -> None:
        """Set a volume, clamped to 0 to 1, also for what plays. 0.5 sounds half as loud: 18 dB less."""

    def watch(self, heard: Callable[[Ended], None]) -> None:
        """Set the callback for sounds that end by themselves; it is called on a thread of the adapter."""
