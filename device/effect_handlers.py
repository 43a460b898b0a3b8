"""Dispatches every effect to its performer, and does the work after each event."""

from collections.abc import Callable, Iterable

from device.display import DisplayedScreen
from device.health.file import HealthFile
from device.link.outbox import Outbox
from device.performers import Performer, table_of
from device.rules.effects import Effect
from device.rules.events import Event, EventsReceived
from device.rules.health import faults
from device.rules.now import Now
from device.rules.state import State


class EffectHandlers:
    """Carries out effects with the components of a tablet; ``plan`` is called after each event."""

    def __init__(
        self,
        performers: Iterable[Performer],
        *,
        displayed: DisplayedScreen,
        outbox: Outbox,
        health: HealthFile,
        plan: Callable[[], None],
    ) -> None:
        self._performers = table_of(performers)
        self._displayed = displayed
        self._outbox = outbox
        self._health = health
        self._plan = plan

    def show(self, state: State, now: Now) -> None:
        """Send the Screen to the window, if it differs."""
        self._displayed.refresh(state, now)

    def perform(self, effect: Effect, state: State, now: Now) -> None:
        """Carry out one effect by the performer that has declared its type."""
        self._performers[type(effect)](effect, state, now)

    def changed(self, state: State, now: Now, event: Event) -> None:
        """Send and save what the event has changed."""
        if isinstance(event, EventsReceived):
            self._outbox.received(event.ids)
        self._health.write(faults(state, now), now.wall)
        self._plan()
