"""Sentences that wait to be spoken, one after the other."""

import threading
from collections import deque
from collections.abc import Callable

from hal import espeak_speech
from hal.espeak_speech import Spoken
from hal.ports import HardwareError

# More than anybody listens to; the oldest are dropped.
_MOST_SENTENCES = 8


class SpeechQueue:
    """Used from one thread; sentences are made on threads of their own: an alarm does not wait for them."""

    def __init__(self, made: Callable[[int, Spoken | HardwareError], None]) -> None:
        """``made(turn, sound)`` is called on another thread; ask ``is_turn`` before it is played."""
        self._made = made
        self._waiting: deque[tuple[str, str]] = deque(maxlen=_MOST_SENTENCES)
        self._turn = 0
        self.busy = False

    def add(self, text: str, language: str) -> None:
        """Speak it, at once if nothing else is being said."""
        self._waiting.append((text, language))
        if not self.busy:
            self.advance()

    def advance(self) -> None:
        """The last sentence is over: make the next one."""
        self.busy = bool(self._waiting)
        if self.busy:
            self._turn += 1
            text, language = self._waiting.popleft()
            work = threading.Thread(
                target=self._make, args=(self._turn, text, language), daemon=True, name="speech"
            )
            work.start()

    def clear(self) -> None:
        """Forget them all, the one that is being made too."""
        self._waiting.clear()
        self._turn += 1
        self.busy = False

    def is_turn(self, turn: int) -> bool:
        """Whether nobody has cleared it since."""
        return self.busy and turn == self._turn

    def _make(self, turn: int, text: str, language: str) -> None:
        try:
            made: Spoken | HardwareError = espeak_speech.speak(text, language)
        except HardwareError as error:
            made = error
        self._made(turn, made)
