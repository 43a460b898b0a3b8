"""One sound played by libvlc."""

import threading
from typing import Any

import vlc

from hal.vlc_memory import MemorySound


class VlcPlayer:
    """Plays at once.

    Each sound needs a new libvlc player: a reused one ignores its volume until it sounds.
    """

    def __init__(self, instance: Any, media: Any, volume: float, memory: MemorySound | None = None) -> None:
        self._media, self._memory = media, memory
        self._buffers = 0
        self._player = instance.media_player_new()
        self._player.set_media(media)
        self.set_volume(volume)
        self._player.play()

    def when_over(self, ended: Any) -> None:
        """Call ``ended()`` at the end, on libvlc's thread."""
        events = self._player.event_manager()
        for kind in (vlc.EventType.MediaPlayerEndReached, vlc.EventType.MediaPlayerEncounteredError):
            events.event_attach(kind, lambda _event: ended())

    def set_volume(self, volume: float) -> None:
        """Set the volume, 0 to 1, on libvlc's cubic scale: 0.5 is 18 dB less."""
        self._player.audio_set_volume(round(100 * volume))

    def is_over(self) -> str | None:
        """Return None while it plays, then the reason of its end."""
        state = self._player.get_state()
        if state == vlc.State.Error:
            return "it could not be played"
        return "" if state in (vlc.State.Ended, vlc.State.Stopped) else None

    def moves(self) -> bool:
        """Return whether samples were sent to the output since the last call."""
        stats = vlc.MediaStats()
        self._media.get_stats(stats)
        before, self._buffers = self._buffers, int(stats.played_abuffers)
        return self._buffers > before

    def release(self) -> None:
        """Stop and release the player. It takes up to 0.2 s: call it from a thread that may block."""
        if self._memory:
            self._memory.stop()
        threading.Thread(target=self._bury, daemon=True, name="speaker-stop").start()

    def _bury(self) -> None:
        self._player.stop()
        self._player.release()
        self._media.release()
