"""Echo cancellation: WebRTC's audio processing from LiveKit's package."""

from livekit import rtc

from device.media.playout import RATE_HZ

BLOCK_SAMPLES = RATE_HZ // 100
_SAMPLE_BYTES = 2
BLOCK_BYTES = _SAMPLE_BYTES * BLOCK_SAMPLES


class VoiceCleaner:
    """Processes mono blocks of 10 ms: playback and recording, each on its own thread."""

    def __init__(self, delay_ms: int = 80, *, gain_control: bool = True) -> None:
        """Create the canceller.

        ``delay_ms``, from playback to recording, is a first guess that it refines. ``gain_control`` makes a
        soft voice louder.
        """
        self._processor = rtc.AudioProcessingModule(
            echo_cancellation=True,
            noise_suppression=True,
            high_pass_filter=True,
            auto_gain_control=gain_control,
        )
        self._processor.set_stream_delay_ms(delay_ms)

    def played(self, block: bytes) -> None:
        """Register a block that the loudspeaker plays now."""
        self._processor.process_reverse_stream(_frame(block))

    def cleaned(self, block: bytes) -> bytes:
        """Return a recorded block without echo and background noise."""
        frame = _frame(block)
        self._processor.process_stream(frame)
        return bytes(frame.data.cast("B"))


def _frame(block: bytes) -> rtc.AudioFrame:
    return rtc.AudioFrame(bytearray(block), RATE_HZ, 1, len(block) // _SAMPLE_BYTES)
