"""The link worker's queue: help first, then each device in turn, with a limit for each (K21)."""

import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Condition

from cloud.notify.session import Arrived

Job = Callable[[], None]

# A device has at most twenty events in flight, and repeats them until they are acknowledged: what is dropped
# here is late, not lost. These limits are for a healthy device that was offline for a week.
MESSAGES_PER_S, MOST_MESSAGES = 50.0, 400.0
BYTES_PER_S, MOST_BYTES = 100_000.0, 2_000_000.0
HELP_PER_S, MOST_HELP = 1.0, 30.0
_HELP = b'"help-raised"'
# The kind is near the beginning of an event; a longer search would be work that any sender can cause.
_KIND_WITHIN_BYTES = 1_000


@dataclass
class Bucket:
    """A token bucket: a burst size, and a rate a second."""

    per_s: float
    most: float
    level: float = field(init=False)
    filled_s: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self.level = self.most

    def take(self, amount: float, now_s: float) -> bool:
        """Take the amount if it is available."""
        self.level = min(self.most, self.level + (now_s - self.filled_s) * self.per_s)
        self.filled_s = now_s
        if amount > self.level:
            return False
        self.level -= amount
        return True


class _Share:
    """The limits and waiting messages of one device."""

    def __init__(self) -> None:
        self.messages = Bucket(MESSAGES_PER_S, MOST_MESSAGES)
        self.bytes = Bucket(BYTES_PER_S, MOST_BYTES)
        self.help = Bucket(HELP_PER_S, MOST_HELP)
        self.waiting: deque[Arrived] = deque()

    def allows(self, message: Arrived, now_s: float) -> bool:
        return self.messages.take(1, now_s) and self.bytes.take(len(message.payload), now_s)

    def is_new(self, now_s: float) -> bool:
        """Return whether it equals a new share and can be dropped."""
        self.messages.take(0, now_s)
        self.bytes.take(0, now_s)
        self.help.take(0, now_s)
        is_full = self.messages.level >= MOST_MESSAGES and self.bytes.level >= MOST_BYTES
        return is_full and self.help.level >= MOST_HELP and not self.waiting


class FairQueue:
    """Filled by the network thread, emptied by the worker's."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._jobs: deque[Job] = deque()
        self._help: deque[Arrived] = deque()
        self._shares: dict[str, _Share] = {}
        # Devices with waiting messages, the next one first.
        self._turns: deque[str] = deque()
        self._dropped: Counter[str] = Counter()

    def put_job(self, job: Job) -> None:
        """Add a job, which runs before any message."""
        with self._changed:
            self._jobs.append(job)
            self._changed.notify()

    def put(self, device: str, message: Arrived) -> bool:
        """Queue a message; return False where the device is over its limit and the message is dropped."""
        now_s = time.monotonic()
        with self._changed:
            share = self._shares.setdefault(device, _Share())
            is_help = _HELP in message.payload[:_KIND_WITHIN_BYTES]
            if not (share.help.take(1, now_s) if is_help else share.allows(message, now_s)):
                self._dropped[device] += 1
                return False
            if is_help:
                self._help.append(message)
            else:
                share.waiting.append(message)
                if len(share.waiting) == 1:
                    self._turns.append(device)
            self._changed.notify()
            return True

    def collect(self, timeout_s: float, most: int) -> tuple[list[Arrived], list[Job]]:
        """Return the next messages and jobs, up to the limit; waits until there are any."""
        with self._changed:
            self._changed.wait_for(self._has_any, timeout_s)
            jobs = [self._jobs.popleft() for _ in range(min(most, len(self._jobs)))]
            messages = [self._help.popleft() for _ in range(min(most, len(self._help)))]
            self._take_turns(messages, most)
        return messages, jobs

    def take_dropped(self) -> Counter[str]:
        """Return the number of dropped messages of each device since the last call."""
        with self._changed:
            dropped, self._dropped = self._dropped, Counter()
            now_s = time.monotonic()
            for device in [name for name, share in self._shares.items() if share.is_new(now_s)]:
                del self._shares[device]
        return dropped

    def _has_any(self) -> bool:
        return bool(self._jobs or self._help or self._turns)

    def _take_turns(self, messages: list[Arrived], most: int) -> None:
        """Take one message of each device in turn; the last one of a round is first in the next."""
        while self._turns and len(messages) < most:
            device = self._turns.popleft()
            waiting = self._shares[device].waiting
            messages.append(waiting.popleft())
            if waiting:
                self._turns.append(device)
