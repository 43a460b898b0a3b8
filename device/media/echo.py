"""Keeps the caller from hearing themselves: WebRTC's audio processing, as LiveKit's package brings it."""

from livekit import rtc

from device.media.playout import RATE_HZ

BLOCK_SAMPLES = RATE_HZ // 100
_SAMPLE_BYTES = 2
BLOCK_BYTES = _SAMPLE_BYTES * BLOCK_SAMPLES


class VoiceCleaner:
    """Takes blocks of 10 ms, mono: what is played and what is heard, each on a thread of its own."""

    def __init__(self, delay_ms: int = 80) -> None:
        """``delay_ms`` from play-out to hearing; a first guess, the rest is found out."""
        self._processor = rtc.AudioProcessingModule(
            echo_cancellation=True, noise_suppression=True, high_pass_filter=True, auto_gain_control=True
        )
        self._processor.set_stream_delay_ms(delay_ms)

    def played(self, block: bytes) -> None:
        """This goes to the loudspeaker now."""
        self._processor.process_reverse_stream(_frame(block))

    def cleaned(self, block: bytes) -> bytes:
        """What the microphone heard, less what came from the loudspeaker, and less the hum of the room."""
        frame = _frame(block)
        self._processor.process_stream(frame)
        return bytes(frame.data.cast("B"))


def _frame(block: bytes) -> rtc.AudioFrame:
    return rtc.AudioFrame(bytearray(block), RATE_HZ, 1, len(block) // _SAMPLE_BYTES)
