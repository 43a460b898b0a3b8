"""The core loop: one event in, the next state and its effects out; durable state is saved first."""

import logging
from collections.abc import Callable, Hashable
from functools import partial
from typing import Protocol

from device.contract import topics
from device.contract.events import WireEvent
from device.contract.identity import new_id
from device.contract.wire import seal
from device.rules.begin import begin
from device.rules.effects import AnswerCommand, Effect, Record
from device.rules.events import (
    CommandArrived,
    DocumentArrived,
    Event,
    EventsReceived,
    FaultChanged,
    WindowPainted,
)
from device.rules.now import Now
from device.rules.state import DURABLE, State
from device.rules.step import step_on
from device.store.database import Store, StoreError, Waiting
from hal.ports import Clock

_log = logging.getLogger(__name__)


class EffectHandler(Protocol):
    """Carries out the effects of the rules, once durable state is saved."""

    def show(self, state: State, now: Now) -> None:
        """Update the screen. Called first, and without waiting for the disk."""

    def perform(self, effect: Effect, state: State, now: Now) -> None:
        """Carry out one effect; what takes long goes on in the background."""

    def changed(self, state: State, now: Now, event: Event) -> None:
        """Called after every event: outbox and health may have changed."""


class Core:
    """Holds the device's state. Used from one thread."""

    def __init__(self, *, store: Store, clock: Clock, boot_id: str) -> None:
        kept, self.unreadable_parts = store.load()
        self.state = begin(kept)
        self._store = store
        self._clock = clock
        self._boot_id = boot_id
        self._effect_handler: EffectHandler | None = None
        self._unwritten: dict[Hashable, Callable[[], None]] = {}

    def attach(self, effect_handler: EffectHandler) -> None:
        """Set the receiver of effects."""
        self._effect_handler = effect_handler

    def now(self, id_: str = "") -> Now:
        """Return the current moment, with a new id unless one is given."""
        wall, monotonic_s, trusted = self._clock.read()
        return Now(wall=wall, monotonic_s=monotonic_s, trusted=trusted, id=id_ or new_id(wall))

    def handle(self, event: Event, id_: str = "") -> None:
        """Process an event. A rule that raises is skipped for this event, and reported as a fault.

        ``id_`` is the id for what is created from the event, where it had one before.
        """
        now, before = self.now(id_), self.state
        self.state, effects, failures = step_on(before, event, now)
        for error in failures:
            _log.error("a rule failed at %s", type(event).__name__, exc_info=error)
            effects += self._fault("rules", f"{type(event).__name__}: {type(error).__name__}", now)
        # Once the screen shows a help request it must survive a power cut; all else may be shown first.
        promises = any(isinstance(effect, Record) for effect in effects)
        if not promises:
            self.show(now)
        effects += self._write(before, event, effects, now)
        if promises:
            self.show(now)
        if self._effect_handler:
            for effect in effects:
                self._perform(self._effect_handler, effect, now)
            self._effect_handler.changed(self.state, now, event)

    def _fault(self, part: str, reason: str, now: Now) -> tuple[Effect, ...]:
        """Report a fault of our own code, or its end without a reason. A failing rule does not block it."""
        self.state, effects, _ = step_on(self.state, FaultChanged(part=part, reason=reason), now)
        return effects

    def _perform(self, effect_handler: EffectHandler, effect: Effect, now: Now) -> None:
        """Carry out one effect; a failure must not block the others, help among them."""
        try:
            effect_handler.perform(effect, self.state, now)
        except Exception as error:  # noqa: BLE001 - the other effects must still run
            _log.exception("%s could not be carried out", type(effect).__name__)
            self._fault("rules", f"{type(effect).__name__}: {type(error).__name__}", now)

    def screen_failed(self, error: Exception) -> None:
        """Report that the Screen could not be composed."""
        _log.error("the screen could not be composed", exc_info=error)
        self._fault("rules", f"the screen: {type(error).__name__}", self.now())

    def show(self, now: Now) -> None:
        """Update the screen. A failure must not block saving."""
        try:
            if self._effect_handler:
                self._effect_handler.show(self.state, now)
        except Exception as error:  # noqa: BLE001 - durable state comes before the screen
            _log.exception("the screen could not be composed")
            self._fault("rules", f"the screen: {type(error).__name__}", now)

    def _write(
        self, before: State, event: Event, effects: tuple[Effect, ...], now: Now
    ) -> tuple[Effect, ...]:
        self._unwritten |= self._writes(before, event, effects, now)
        return () if _can_wait(event, effects) else self._commit(now)

    def write_down(self) -> None:
        """Save what could wait until now."""
        now = self.now()
        for effect in self._commit(now):
            if self._effect_handler:
                self._perform(self._effect_handler, effect, now)

    def _commit(self, now: Now) -> tuple[Effect, ...]:
        """Commit one transaction; what a full disk refuses is kept and retried with the next event.

        Returns effects that report a disk fault or its end.
        """
        if not self._unwritten:
            return ()
        try:
            with self._store.transaction():
                for write in self._unwritten.values():
                    write()
        except StoreError as error:
            _log.exception("the store refuses to write")
            return self._fault("storage", str(error), now)
        # Documents name people, who may have left with the last one.
        is_to_forget = "documents" in self._unwritten
        self._unwritten.clear()
        self._store.release()
        if is_to_forget:
            try:
                self._store.forget_pages()
            except StoreError as error:
                _log.exception("the store's log cannot be emptied")
                return self._fault("storage", str(error), now)
        if not any(fault.part == "storage" for fault in self.state.faults):
            return ()
        return self._fault("storage", "", now)

    def _writes(
        self, before: State, event: Event, effects: tuple[Effect, ...], now: Now
    ) -> dict[Hashable, Callable[[], None]]:
        """Return pending writes by key: of two with the same key, the newer replaces the other."""
        store, after = self._store, self.state
        changed = [part for part in DURABLE if getattr(after, part) is not getattr(before, part)]
        writes: dict[Hashable, Callable[[], None]] = {
            part: partial(store.keep, part, getattr(after, part)) for part in changed
        }
        for effect in effects:
            if isinstance(effect, Record):
                held = self._hold(effect, now)
                writes[held.id] = partial(store.record, held)
            elif isinstance(effect, AnswerCommand) and isinstance(event, CommandArrived):
                remember = partial(store.remember_answer, until=event.expires_at, now=now.wall)
                writes[effect.command_id] = partial(remember, effect.command_id, effect.answer)
        if isinstance(event, EventsReceived):
            store.forget(event.ids)
            writes[event.ids] = partial(store.drop, event.ids)
        return writes

    def _hold(self, record: Record, now: Now) -> Waiting:
        id_ = record.id or new_id(now.wall)

        def payload_for(sequence: int) -> bytes:
            event = WireEvent(
                sequence=sequence,
                boot_id=self._boot_id,
                monotonic_s=now.monotonic_s,
                happened_at=now.wall,
                clock_trusted=now.trusted,
                what=record.what,
            )
            return seal(event, topics.EVENT.type, sent_at=now.wall, id_=id_)

        return self._store.hold(id_, payload_for)


def _can_wait(event: Event, effects: tuple[Effect, ...]) -> bool:
    """Return whether saving may wait: a document is sent again after a restart, and painted again."""
    return isinstance(event, DocumentArrived | WindowPainted) and not any(
        isinstance(effect, Record | AnswerCommand) for effect in effects
    )
