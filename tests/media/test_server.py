"""One process for each call, and nothing left after it, whichever side dies."""

import os
import signal
from pathlib import Path

import pytest

from device.media.messages import Finish, Gone, Prepare
from tests.demo.processes import runs
from tests.link.waiting import eventually
from tests.media.core_end import CoreEnd, MediaServer
from tests.media.test_bad_input import offer

__all__ = ["offer"]


def test_each_call_has_a_process_that_is_ready_soon(core: CoreEnd, server: MediaServer, offer: str) -> None:
    """Everything is already imported; two calls are independent."""
    first, second = core.call(), core.call()
    paths = {first.prepare(offer).frames, second.prepare(offer).frames}
    assert len(paths) == len(set(server.calls)) == 2
    first.send(Finish())
    eventually(lambda: len(server.calls) == 1, "the first has ended")
    assert len(server.leftovers) == 2


@pytest.mark.requirement("V21")
def test_a_core_that_dies_ends_its_call(core: CoreEnd, server: MediaServer, offer: str) -> None:
    """When the core's connection breaks, its call ends and no process is left."""
    call = core.call()
    call.prepare(offer)
    assert server.calls
    call.leave()
    eventually(lambda: not server.calls and not server.leftovers, "nothing is left", 5)


def test_a_call_that_is_killed_is_gone_for_the_core(core: CoreEnd, server: MediaServer, offer: str) -> None:
    """The server removes its pictures and continues."""
    call = core.call()
    call.prepare(offer)
    os.kill(server.calls[0], signal.SIGKILL)
    call.wait_for(Gone, 5)
    eventually(lambda: not server.leftovers, "no pictures are left", 5)
    assert core.call().prepare(offer).answer


def test_a_server_that_is_killed_takes_its_calls_along(
    mortal_core: CoreEnd, mortal_server: MediaServer, offer: str
) -> None:
    """The next one removes what was left."""
    call = mortal_core.call()
    frames = Path(call.prepare(offer).frames)
    (process,) = mortal_server.calls
    mortal_server.process.kill()
    mortal_server.process.wait()
    call.wait_for(Gone, 5)
    eventually(lambda: not runs(process), "the call's process has ended", 5)
    assert frames.exists()
    mortal_server.start()
    assert mortal_server.leftovers == []


def test_a_server_that_stops_ends_its_calls_first(
    mortal_core: CoreEnd, mortal_server: MediaServer, offer: str
) -> None:
    """As with systemctl stop; a new call is refused at once."""
    call = mortal_core.call()
    call.prepare(offer)
    mortal_server.stop()
    call.wait_for(Gone, 5)
    assert mortal_server.process.returncode == 0
    assert mortal_server.leftovers == []
    assert not mortal_server.socket.exists()
    late = mortal_core.call()
    late.start(Prepare(call_id="c", offer=offer))
    assert "no media process" in late.wait_for(Gone).reason


def test_more_calls_than_can_be_are_turned_away(core: CoreEnd, server: MediaServer, offer: str) -> None:
    """A new call is accepted when one ends."""
    calls = [core.call() for _ in range(4)]
    for call in calls:
        call.prepare(offer)
    fifth = core.call()
    fifth.start(Prepare(call_id="c", offer=offer))
    fifth.wait_for(Gone)
    calls[0].send(Finish())
    eventually(lambda: len(server.calls) == 3, "one has ended")
    assert core.call().prepare(offer).answer
