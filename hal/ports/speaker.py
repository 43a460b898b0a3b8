"""Everything that is heard: chimes, ring tone, alarm, speech, radio."""

from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple, Protocol

from hal.ports.part import Part


class Sound(StrEnum):
    """The classes of sound, each with a volume of its own. Never more than one of a class is heard."""

    HELP = "help"  # a press for help was felt
    ALARM = "alarm"
    FORCED_CALL = "forced-call"
    SPEECH = "speech"
    RING = "ring"
    CHIME = "chime"  # a reminder or a message
    INVITATION = "invitation"  # an event begins, and the resident may come
    TOUCH = "touch"  # the finger was felt
    STREAM = "stream"  # café, radio
    SELF_TEST = "self-test"  # a tone for the microphone, see ``SELF_TEST_HZ``


# Where old ears still hear well and small speakers are loud.
SELF_TEST_HZ = 880.0


class Ended(NamedTuple):
    """A sound that was not looped came to its end, or a stream broke off: then ``reason`` says why."""

    sound: Sound
    reason: str = ""


class Speaker(Part, Protocol):
    """Plays one sound of each class at a time; all classes together.

    Streams, chimes and the ring are made quiet while help, alarm, forced call or speech is heard.
    """

    @property
    def playing(self) -> frozenset[Sound]:
        """What leaves the speaker now: samples are really taken by the sound device, at a volume above 0."""

    def play(self, sound: Sound, *, loop: bool = False) -> None:
        """Play from the start, without a gap if ``loop``. ``SPEECH`` and ``STREAM`` are not for this.

        Raises ``ValueError`` for these two.
        """

    def say(self, text: str, language: str) -> None:
        """Speak, after what is being said. ``language`` is ``fi``, ``sv``, ``da`` or ``en``."""

    def stream(self, url: str) -> None:
        """Play what comes from there until it ends or ``stop``."""

    def stop(self, sound: Sound | None = None) -> None:
        """Silence one class (for speech: all that waits too), or everything."""

    def set_volume(self, sound: Sound, volume: float) -> None:
        """0 to 1 (others are cut), from now on and for what plays. 0.5 is felt as half: 18 dB less."""

    def watch(self, heard: Callable[[Ended], None]) -> None:
        """Tell ``heard`` what came to its end by itself, from a thread of the adapter's own."""
