"""Scheduled background work: domains register it in ``AppConfig.ready``, ``escalate`` runs it."""

import logging
from collections import defaultdict
from collections.abc import Callable
from threading import Event, Thread, current_thread

from django.db import connection

log = logging.getLogger(__name__)

# Returns once the event is set; pauses by itself, and survives a lost database.
Loop = Callable[[Event], None]

_loops: dict[str, Callable[[], Loop]] = {}
_woken: defaultdict[str, Event] = defaultdict(Event)


def register(name: str, make_loop: Callable[[], Loop]) -> None:
    """Register a loop; it gets a thread of its own, so that none blocks the others."""
    _loops[name] = make_loop


def wake(work: str) -> None:
    """End the pause of all loops that wait for this work."""
    _woken[work].set()


def repeat(stopping: Event, pause_s: float, turn: Callable[[], object], *, woken_for: str = "") -> None:
    """Call ``turn`` at once and after each pause, until ``stopping`` is set.

    ``wake`` may end a pause early: then the pause is how late the work is when a notification is lost.
    An exception is logged and the next turn runs as usual: a lost database, or a fault of one domain, ends no
    loop.
    """
    woken = _woken[woken_for] if woken_for else stopping
    try:
        while not stopping.is_set():
            if woken is not stopping:
                woken.clear()
            try:
                turn()
            except Exception:
                log.exception("A turn of %s has failed", current_thread().name)
            # Kept for the next turn: opening it costs more than most turns.
            if connection.errors_occurred:
                connection.close()
            woken.wait(pause_s)
    finally:
        connection.close()


def run(stopping: Event) -> bool:
    """Run all loops until ``stopping`` is set; return False where one ended early, which stops the others."""
    failed: list[str] = []

    def work(name: str, loop: Loop) -> None:
        try:
            loop(stopping)
        except Exception:
            log.exception("The loop of %s has failed", name)
        if not stopping.is_set():
            failed.append(name)
            stopping.set()

    threads = [Thread(target=work, args=(name, make_loop()), name=name) for name, make_loop in _loops.items()]
    for thread in threads:
        thread.start()
    stopping.wait()
    for woken in list(_woken.values()):
        woken.set()
    for thread in threads:
        thread.join()
    return not failed
