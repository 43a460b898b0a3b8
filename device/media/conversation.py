"""Audio of a call: microphone and loudspeaker on one side, packets on the other."""

import logging
import threading
from collections.abc import Callable, Iterator

from device.media.echo import BLOCK_BYTES, VoiceCleaner
from device.media.loudness import amplified
from device.media.messages import USUAL_LOUDNESS
from device.media.room_voice import RoomVoice
from device.media.sound import Part, Sound
from device.media.voice import IncomingVoice

_log = logging.getLogger(__name__)


class Conversation:
    """Connects room and caller; silent until ``begin``."""

    def __init__(self, sound: Sound, *, gain_control: bool = True) -> None:
        self.caller = IncomingVoice()
        self.room = RoomVoice()
        self.loudness = USUAL_LOUDNESS
        self._sound = sound
        self._cleaner = VoiceCleaner(gain_control=gain_control)
        threading.Thread(target=self._warm_up, name="warm-up", daemon=True).start()

    def begin(self, trouble: Callable[[Part, str], None]) -> None:
        """Open microphone and loudspeaker. ``trouble`` is called on their thread."""
        self._sound.start(self._heard, self._play, trouble)

    def close(self) -> None:
        """Close microphone, loudspeaker and the picture of the room."""
        self._sound.close()
        self.room.stop()

    def _warm_up(self) -> None:
        try:
            self._sound.warm_up()
        except Exception:  # noqa: BLE001 - the start will fail too, and report it
            _log.exception("the sound cannot be prepared")

    def _heard(self, block: bytes) -> None:
        for part in _blocks(block):
            self.room.hear(self._cleaner.cleaned(part))

    def _play(self, count: int) -> bytes:
        block = amplified(self.caller.samples(count), self.loudness).tobytes()
        for part in _blocks(block):
            self._cleaner.played(part)
        return block


def _blocks(octets: bytes) -> Iterator[bytes]:
    """Split into blocks of 10 ms, as echo cancellation needs them."""
    for start in range(0, len(octets), BLOCK_BYTES):
        yield octets[start : start + BLOCK_BYTES]
