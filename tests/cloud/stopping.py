"""Events that loops of the desk wait for."""

from threading import Event


def never() -> Event:
    """A stop that does not come."""
    return Event()
