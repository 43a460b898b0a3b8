"""The base of all simulated components: a history, and unplugging."""

Entry = tuple[str | float | bool, ...]


class SimulatedComponent:
    """A simulated component; ``history`` holds calls and events, oldest first, each a verb and arguments."""

    def __init__(self) -> None:
        self.history: list[Entry] = []
        self._fault = ""
        self._closed = False

    def unplug(self, reason: str = "unplugged") -> None:
        """Simulate a defect or a pulled plug: the component does nothing, and its health is ``reason``."""
        self._fault = reason

    def plug(self) -> None:
        """Plug the component in again after ``unplug``."""
        self._fault = ""

    def health(self) -> str:
        """Return the reason given to ``unplug``, empty while connected."""
        return self._fault

    def close(self) -> None:
        """Mark the component as closed."""
        self._closed = True

    def note(self, *entry: str | float | bool) -> None:
        """Append an entry to the history."""
        self.history.append(entry)

    @property
    def dead(self) -> bool:
        """Return whether it is unplugged or closed."""
        return bool(self._fault) or self._closed
