"""One sound that libvlc plays."""

import threading
from typing import Any

import vlc

from hal.vlc_memory import MemorySound


class VlcPlayer:
    """Starts at once. A new libvlc player each time: a used one forgets its volume until it sounds."""

    def __init__(self, instance: Any, media: Any, volume: float, memory: MemorySound | None = None) -> None:
        self._media, self._memory = media, memory
        self._buffers = 0
        self._player = instance.media_player_new()
        self._player.set_media(media)
        self.set_volume(volume)
        self._player.play()

    def when_over(self, nudge: Any) -> None:
        """Call ``nudge()`` at the end, on libvlc's thread."""
        events = self._player.event_manager()
        for kind in (vlc.EventType.MediaPlayerEndReached, vlc.EventType.MediaPlayerEncounteredError):
            events.event_attach(kind, lambda _event: nudge())

    def set_volume(self, volume: float) -> None:
        """0 to 1, on libvlc's cubic scale: a half is 18 dB less."""
        self._player.audio_set_volume(round(100 * volume))

    def is_over(self) -> str | None:
        """None while it plays; then why it is over."""
        state = self._player.get_state()
        if state == vlc.State.Error:
            return "it could not be played"
        return "" if state in (vlc.State.Ended, vlc.State.Stopped) else None

    def moves(self) -> bool:
        """Whether samples went to the output since the last time that this was asked."""
        stats = vlc.MediaStats()
        self._media.get_stats(stats)
        before, self._buffers = self._buffers, int(stats.played_abuffers)
        return self._buffers > before

    def bury(self) -> None:
        """Silence. libvlc takes up to 0.2 s for it, so somebody else waits."""
        if self._memory:
            self._memory.stop()
        threading.Thread(target=self._bury, daemon=True, name="speaker-stop").start()

    def _bury(self) -> None:
        self._player.stop()
        self._player.release()
        self._media.release()
