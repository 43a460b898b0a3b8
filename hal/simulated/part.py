"""What all simulated parts have in common: a history, and a plug."""

Entry = tuple[str | float | bool, ...]


class SimulatedPart:
    """``history`` holds what was asked and what happened, oldest first, each as a verb and its objects."""

    def __init__(self) -> None:
        self.history: list[Entry] = []
        self._fault = ""
        self._closed = False

    def unplug(self, reason: str = "unplugged") -> None:
        """As a hand would, or a defect: the part does nothing, and its health says ``reason``."""
        self._fault = reason

    def plug(self) -> None:
        """Well again."""
        self._fault = ""

    def health(self) -> str:
        """The reason it was unplugged with."""
        return self._fault

    def close(self) -> None:
        """Let it go."""
        self._closed = True

    def note(self, *entry: str | float | bool) -> None:
        """Into the history."""
        self.history.append(entry)

    @property
    def dead(self) -> bool:
        """Unplugged or closed."""
        return bool(self._fault) or self._closed
