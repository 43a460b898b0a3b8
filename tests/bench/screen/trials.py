"""What is measured, on one side at a time."""

import time
from dataclasses import dataclass, field

from tests.bench.screen import meters
from tests.bench.screen.documents import OTHER_TITLE
from tests.bench.screen.pixels import Area, NotSeen
from tests.bench.screen.show import Show, away_from_the_minute, pause

SETTLE_S = 0.5
AFTER_START_S = 15.0
REPEATED_TAP_S = 1.0
LONGEST_PUSH_S = 0.25
BURST = 100
KINDS = ("title", "presence", "element")
Samples = dict[str, list[float]]


@dataclass
class Pushed:
    """Seconds to the pixels by kind of edit, CPU seconds a push, and how many were never seen."""

    seconds: Samples = field(default_factory=dict)
    cpu_s: float = 0.0
    unseen: int = 0

    def all(self) -> list[float]:
        """Return the samples of every kind."""
        return [each for kind in self.seconds.values() for each in kind]


def push_to_pixels(
    show: Show, pushes: int, kinds: tuple[str, ...] = ("title", "presence", "element")
) -> Pushed:
    """From the desk's publishing to the new look of the edited place."""
    # A new minute may be wider than the last, and move what stands beside the clock.
    away_from_the_minute(3 * len(kinds) + pushes * LONGEST_PUSH_S)
    looks = {kind: show.learn(kind) for kind in kinds}
    pids = show.side.processes()
    found = Pushed({kind: [] for kind in kinds})
    time.sleep(SETTLE_S)
    used = meters.cpu_s(pids)
    for index in range(pushes):
        kind, direction = kinds[index % len(kinds)], index // len(kinds) % 2
        pause(0.05, 0.15)
        look = looks[kind][direction]
        is_new = not show.pixels.shows(look)
        began = show.push(show.edits()[kind][direction])
        try:
            took_s = show.pixels.wait_for(look) - began
        except NotSeen:
            found.unseen += 1
            looks[kind] = show.learn(kind)
        else:
            found.seconds[kind] += [took_s] if is_new else []
    time.sleep(SETTLE_S)
    found.cpu_s = (meters.cpu_s(pids) - used) / pushes
    # Whatever the number of pushes: the next start is known by how this one looked at first.
    for kind in kinds:
        show.push(show.edits()[kind][1])
    show.pixels.calm()
    return found


def tap_to_pixels(show: Show, taps: int) -> list[float]:
    """From the finger on the mute button to the first pixel of it that differs."""
    button = show.side.mute_button()
    face = _face(button)
    show.pixels.calm()
    found, untouched = [], show.pixels.look(face)
    for _ in range(taps):
        pause(REPEATED_TAP_S, REPEATED_TAP_S + 0.1)
        show.finger.over(button)
        before = show.pixels.look(face)
        began = show.finger.down()
        found.append(show.pixels.wait_for_change(before) - began)
        pause(0.05, 0.08)
        # Lifted there it would leave the page.
        show.finger.slide_off()
        show.pixels.wait_for(untouched)
    return found


@dataclass
class Idle:
    """A clock and nothing else: share of one core, and wake-ups of all threads a second."""

    cpu: float
    wake_ups_per_s: float


def idle(show: Show, seconds: float) -> Idle:
    """Nobody touches it, nothing arrives, and what follows a start is over."""
    time.sleep(AFTER_START_S)
    pids = show.side.processes()
    began, used, woken = time.perf_counter(), meters.cpu_s(pids), meters.wake_ups(pids)
    time.sleep(seconds)
    took = time.perf_counter() - began
    return Idle((meters.cpu_s(pids) - used) / took, (meters.wake_ups(pids) - woken) / took)


@dataclass
class Burst:
    """A hundred pushes in a second: seconds from the last one to its pixels, and what became of a tap."""

    newest_s: float
    cpu_s: float
    tap_was_kept: bool
    queued: bool


def burst(show: Show) -> Burst:
    """Titles that nobody can read; the last one stays. Half-way somebody touches a button."""
    away_from_the_minute(15)
    newest = show.learn("title")[0]
    button = show.side.mute_button()
    before = show.pixels.look(_face(button))
    pids = show.side.processes()
    used, began = meters.cpu_s(pids), time.perf_counter()
    show.finger.over(button)
    was_felt = False
    for index in range(BURST - 1):
        show.publish("calendar", show.documents.retitle(f"Ohjelma {index}"))
        if index == BURST // 2:
            show.finger.down()
        if index == BURST // 2 + 8:
            was_felt = not show.pixels.shows(before)
            show.finger.slide_off()
        time.sleep(max(0.0, began + (index + 1) / BURST - time.perf_counter()))
    last = show.publish("calendar", show.documents.retitle(OTHER_TITLE))
    seen = show.pixels.wait_for(newest, timeout_s=20)
    show.pixels.calm(1.0)
    used_s = meters.cpu_s(pids) - used
    queued = not show.pixels.shows(newest)
    return Burst(seen - last, used_s / BURST, was_felt, queued)


def _face(button: Area) -> Area:
    """The middle of a button, where the pointer is not."""
    across, down = (button.right - button.left) // 4, (button.bottom - button.top) // 8
    return Area(button.left + across, button.top + down, button.right - across // 4, button.bottom - 3 * down)
