"""Help first, then each device in its turn, none beyond its share."""

import pytest

from cloud.link.fair_queue import MOST_HELP, MOST_MESSAGES, FairQueue
from cloud.notify.session import Arrived

pytestmark = pytest.mark.requirement("K21")


def message(device: str, payload: bytes = b"{}") -> Arrived:
    return Arrived(f"care/v1/a/{device}/up/event", payload, 1, 1, 1)


def devices(queue: FairQueue, most: int) -> list[str]:
    messages, _jobs = queue.collect(0.0, most)
    return [each.topic.split("/")[3] for each in messages]


def test_a_device_with_much_to_say_holds_up_nobody() -> None:
    """One of each, again and again."""
    queue = FairQueue()
    for _ in range(100):
        queue.put("loud", message("loud"))
    for name in ("b", "c"):
        queue.put(name, message(name))
    assert sorted(devices(queue, 3)) == ["b", "c", "loud"]
    assert devices(queue, 3) == ["loud"] * 3


def test_help_is_before_everything_else() -> None:
    """A help event is handled next, however many other messages are waiting."""
    queue = FairQueue()
    for _ in range(100):
        queue.put("loud", message("loud"))
    queue.put("b", message("b", b'{"body":{"what":{"kind":"help-raised"}}}'))
    assert devices(queue, 1) == ["b"]


def test_what_is_beyond_a_share_is_dropped_and_counted() -> None:
    """A flood, also one of help, ends at its bounds; the count is asked for once."""
    queue = FairQueue()
    taken = sum(queue.put("loud", message("loud")) for _ in range(1_000))
    assert MOST_MESSAGES <= taken < MOST_MESSAGES + 100
    assert queue.take_dropped()["loud"] == 1_000 - taken
    assert not queue.take_dropped()
    help_ = message("other", b'"help-raised"')
    for _ in range(1_000):
        queue.put("other", help_)
    assert queue.take_dropped()["other"] >= 1_000 - MOST_MESSAGES - MOST_HELP - 100


def test_large_messages_use_a_share_sooner() -> None:
    """A device cannot send 100 MB in four seconds."""
    queue = FairQueue()
    taken = sum(queue.put("loud", message("loud", b"x" * 900_000)) for _ in range(100))
    assert taken < 5


def test_jobs_come_with_the_messages() -> None:
    """What the worker has to do itself waits behind nothing."""
    queue = FairQueue()
    done: list[int] = []
    queue.put_job(lambda: done.append(1))
    queue.put("a", message("a"))
    messages, jobs = queue.collect(0.0, 10)
    assert (len(messages), len(jobs)) == (1, 1)
