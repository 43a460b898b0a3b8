"""The queue of sentences to speak."""

import re
import textwrap
import threading
from collections import deque
from collections.abc import Callable

from hal import espeak_speech
from hal.espeak_speech import Spoken
from hal.ports import HardwareError

# The longest message of the contract, and more; the oldest parts are dropped.
_MOST_PARTS = 64
# Half a minute of speech, synthesised while the part before it is heard.
_LONGEST_PART = 300
_SENTENCE_ENDS = re.compile(r"(?<=[.!?…])\s+|\n+")


class SpeechQueue:
    """A queue used from one thread; speech is synthesised on others, so that alarms do not wait."""

    def __init__(self, made: Callable[[int, Spoken | HardwareError], None]) -> None:
        """Create a queue.

        ``made(turn, sound)`` is called on another thread; check ``is_turn`` before playing.
        """
        self._made = made
        self._waiting: deque[tuple[str, str]] = deque(maxlen=_MOST_PARTS)
        self._turn = 0
        self.busy = False

    def add(self, text: str, language: str) -> None:
        """Queue a text, spoken at once if nothing else is; a long one part by part."""
        self._waiting.extend((part, language) for part in parts_of(text))
        if not self.busy:
            self.advance()

    def advance(self) -> None:
        """The current part has ended: synthesise the next one."""
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


def parts_of(text: str) -> list[str]:
    """Return a text as whole sentences, several in a part, so that the first is heard at once."""
    parts: list[str] = []
    for sentence in _SENTENCE_ENDS.split(text):
        for piece in textwrap.wrap(sentence, _LONGEST_PART):
            if parts and len(parts[-1]) + 1 + len(piece) <= _LONGEST_PART:
                parts[-1] += f" {piece}"
            else:
                parts.append(piece)
    return parts
