"""One side on the display: brought there, edited, and known by its looks."""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Protocol

from msgspec import Struct

from device.contract import topics
from device.contract.documents import Document
from tests.bench.screen import meters
from tests.bench.screen.documents import OTHER_TITLE, TITLES, Documents
from tests.bench.screen.finger import Finger
from tests.bench.screen.pixels import WHOLE, Area, Look
from tests.bench.screen.stage import Stage

Edit = tuple[Document, Callable[[], Struct]]


class Side(Protocol):
    """This kiosk, or its rival. ``steady`` is the part of its view in which no time stands."""

    name: str
    device: str
    steady: Area

    def start(self) -> float:
        """Start; return the time just before (``time.perf_counter``)."""

    def stop(self) -> None:
        """Stop the processes."""

    def processes(self) -> list[int]:
        """All that run for it."""

    def mute_button(self) -> Area:
        """Return the button's position."""


class Show:
    """One side with the documents that it was sent."""

    def __init__(self, stage: Stage, side: Side, finger: Finger) -> None:
        self.pixels = stage.pixels
        self.side = side
        self.finger = finger
        self.documents = Documents()
        self._voice = stage.voice
        self._first_looks: list[Look] = []
        self.start_cpu_s = 0.0

    @contextmanager
    def running(self) -> Iterator[float]:
        """With the whole view on the display; seconds that this took."""
        try:
            yield self.start()
        finally:
            self.side.stop()

    def learn_first_look(self) -> None:
        """A start leads to what is on the display now, or once it has a link."""
        known, self._first_looks = self._first_looks, []
        with self.running():
            self._first_looks = [*known, self.pixels.look(self.side.steady)]

    def start(self) -> float:
        """Seconds until the view was on the display, with or without a link; connected and calm after it."""
        self.finger.away()
        away_from_the_minute(4)
        blank = self.pixels.look(WHOLE)
        began = self.side.start()
        self.pixels.wait_for_change(blank, timeout_s=30)
        looks = self._first_looks
        seen = self.pixels.wait(lambda: not looks or any(map(self.pixels.shows, looks)), timeout_s=30)
        self.start_cpu_s = meters.cpu_s(self.side.processes())
        self.pixels.calm(1.0)
        return seen - began

    def publish(self, name: Document, document: Struct) -> float:
        """Sends a document; the moment before (``time.perf_counter``)."""
        began = time.perf_counter()
        self._voice.say(self.side.device, topics.DESIRED[name], document)
        return began

    def publish_everything(self) -> None:
        """All documents as they are now."""
        for name, document in self.documents.everything():
            self.publish(name, document)

    def edits(self) -> dict[str, tuple[Edit, Edit]]:
        """Kinds of a push: there and back again."""
        documents = self.documents
        return {
            "title": (
                ("calendar", lambda: documents.retitle(OTHER_TITLE)),
                ("calendar", lambda: documents.retitle(TITLES[0])),
            ),
            "presence": (
                ("people", lambda: documents.presence("busy")),
                ("people", lambda: documents.presence("available")),
            ),
            "element": (
                ("view", lambda: documents.cafe_shown(is_shown=False)),
                ("view", lambda: documents.cafe_shown(is_shown=True)),
            ),
        }

    def learn(self, kind: str) -> tuple[Look, Look]:
        """How the place that an edit changes looks after it and after the way back."""
        there, back = self.edits()[kind]
        away_from_the_minute(4)
        before = self.pixels.calm()
        self.push(there)
        place = self.pixels.change(before)
        changed = self.pixels.look(place)
        self.push(back)
        self.pixels.wait_for_change(changed)
        self.pixels.calm()
        return changed, self.pixels.look(place)

    def push(self, edit: Edit) -> float:
        """Sends one edit; the moment before."""
        name, make = edit
        return self.publish(name, make())


def away_from_the_minute(seconds: float) -> None:
    """The clock on the screen does not change within so many seconds."""
    left = 60 - datetime.now(UTC).timestamp() % 60
    if left < seconds:
        time.sleep(left + 0.5)


def pause(shortest_s: float, longest_s: float) -> None:
    """At no fixed distance: a side that draws at fixed times gets no luck from it, and no misfortune."""
    time.sleep(random.uniform(shortest_s, longest_s))
