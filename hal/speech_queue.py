"""The queue of sentences to speak."""

import threading
from collections import deque
from collections.abc import Callable

from hal import espeak_speech
from hal.espeak_speech import Spoken
from hal.ports import HardwareError

# More than anybody listens to; the oldest are dropped.
_MOST_SENTENCES = 8


class SpeechQueue:
    """A queue used from one thread; speech is synthesised on others, so that alarms do not wait."""

    def __init__(self, made: Callable[[int, Spoken | HardwareError], None]) -> None:
        """Create a queue.

        ``made(turn, sound)`` is called on another thread; check ``is_turn`` before playing.
        """
        self._made = made
        self._waiting: deque[tuple[str, str]] = deque(maxlen=_MOST_SENTENCES)
        self._turn = 0
        self.busy = False

    def add(self, text: str, language: str) -> None:
        """Queue a sentence, spoken at once if nothing else is."""
        self._waiting.append((text, language))
        if not self.busy:
            self.advance()

    def advance(self) -> None:
        """The current sentence has ended: synthesise the next one."""
        self.busy = bool(self._waiting)
        if self.busy:
            self._turn += 1
            text, language = self._waiting.popleft()
            work = threading.Thread(
                target=self._make, args=(self._turn, text, language), daemon=True, name="speech"
            )
            work.start()

    def clear(self) -> None:
        """Clear the queue, including the sentence being synthesised."""
        self._waiting.clear()
        self._turn += 1
        self.busy = False

    def is_turn(self, turn: int) -> bool:
        """Return whether the queue has not been cleared since."""
        return self.busy and turn == self._turn

    def _make(self, turn: int, text: str, language: str) -> None:
        try:
            made: Spoken | HardwareError = espeak_speech.speak(text, language)
        except HardwareError as error:
            made = error
        self._made(turn, made)
