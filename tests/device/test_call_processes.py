"""The core's end of the media socket: what the rules want goes out in order, what comes back is reported."""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from device.calls import CallProcesses
from device.media import framing
from device.media.messages import (
    Begin,
    Connected,
    Finish,
    FromMedia,
    Gone,
    Prepare,
    Ready,
    SetLoudness,
    ShowPicture,
    ToMedia,
    Trouble,
)
from device.rules.effects import BeginCall, Effect, FinishCall, PrepareCall, SetCallLoudness, ShowRoom
from device.rules.events import Event, FaultChanged, MediaSaid
from device.rules.now import Now
from device.rules.state import State

PREPARE = PrepareCall(call_id="1", offer="v=0", ice_servers=[])
DEADLINE_S = 5.0


class MediaRoom:
    """Speaks the media socket's language: answers an offer, remembers what it was reported."""

    def __init__(self, *answers: FromMedia) -> None:
        self.received: list[ToMedia] = []
        self.ended = asyncio.Event()
        self._answers = answers

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        decoder = msgspec.json.Decoder(ToMedia)
        while message := await framing.read(reader, decoder):
            self.received.append(message)
            if isinstance(message, Prepare):
                writer.writelines(framing.packed(answer) for answer in self._answers)
        writer.close()
        self.ended.set()


@pytest.fixture
def socket() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="kr-") as folder:
        yield Path(folder) / "media.sock"


def play(
    socket: Path, story: Callable[[CallProcesses, list[Event]], Awaitable[None]], room: MediaRoom | None
) -> list[Event]:
    """What the core is reported while ``story`` goes on; without a room nobody listens."""
    reported: list[Event] = []

    async def run() -> None:
        server = await asyncio.start_unix_server(room.serve, socket) if room else None
        processes = CallProcesses(socket, reported.append)
        await asyncio.wait_for(story(processes, reported), DEADLINE_S)
        processes.stop()
        if server and room:
            await asyncio.wait_for(room.ended.wait(), DEADLINE_S)
            server.close()
            await server.wait_closed()

    asyncio.run(run())
    return reported


def perform(processes: CallProcesses, effect: Effect) -> None:
    now = Now(wall=datetime(2026, 11, 21, tzinfo=UTC), monotonic_s=0.0, trusted=True, id="id")
    processes.performs()[type(effect)](effect, State(), now)


async def until(reported: list[Event], count: int) -> None:
    while len(reported) < count:
        await asyncio.sleep(0.005)


def test_a_call_from_beginning_to_end(socket: Path) -> None:
    """The room is hidden before anything begins; the end is said and the line closed."""
    room = MediaRoom(Ready(answer="a", frames="f"), Connected())

    async def story(processes: CallProcesses, reported: list[Event]) -> None:
        perform(processes, PREPARE)
        perform(processes, ShowRoom(call_id="1", how="off"))
        assert reported == [], "nothing is reported from within an effect"
        await until(reported, 2)
        perform(processes, BeginCall(call_id="1", loudness=3))
        perform(processes, SetCallLoudness(call_id="1", loudness=5))
        perform(processes, FinishCall(call_id="1"))
        await room.ended.wait()

    reported = play(socket, story, room)
    assert reported == [
        MediaSaid(call_id="1", message=Ready(answer="a", frames="f")),
        MediaSaid(call_id="1", message=Connected()),
    ]
    prepare = Prepare(call_id="1", offer="v=0")
    assert room.received == [prepare, ShowPicture(how="off"), Begin(3), SetLoudness(loudness=5), Finish()]


def test_without_media_processes_the_rules_and_the_health_learn_why(socket: Path) -> None:
    """A device that cannot talk says so to the caller and to the desk."""

    async def story(processes: CallProcesses, reported: list[Event]) -> None:
        perform(processes, PREPARE)
        await until(reported, 2)

    fault, said = play(socket, story, None)
    assert isinstance(fault, FaultChanged)
    assert (fault.part, fault.reason != "") == ("calls", True)
    assert isinstance(said, MediaSaid)
    assert isinstance(said.message, Gone)


def test_a_trouble_is_a_fault_until_a_call_without_it(socket: Path) -> None:
    """The camera that was unplugged in a call is known at the desk after it."""
    room = MediaRoom(Ready(answer="a", frames="f"), Trouble(part="camera", reason="unplugged"))

    async def story(processes: CallProcesses, reported: list[Event]) -> None:
        perform(processes, PREPARE)
        await until(reported, 3)
        perform(processes, FinishCall(call_id="1"))
        perform(processes, PrepareCall(call_id="2", offer="v=0", ice_servers=[]))
        await until(reported, 5)

    faults = [each for each in play(socket, story, room) if isinstance(each, FaultChanged)]
    assert faults[:2] == [
        FaultChanged(part="camera in calls", reason="unplugged"),
        FaultChanged(part="camera in calls", reason=""),
    ]


def test_a_finished_call_is_not_heard_any_more(socket: Path) -> None:
    """And what is still asked of it does nothing."""
    room = MediaRoom(Ready(answer="a", frames="f"))

    async def story(processes: CallProcesses, reported: list[Event]) -> None:
        perform(processes, PREPARE)
        await until(reported, 1)
        perform(processes, FinishCall(call_id="1"))
        perform(processes, BeginCall(call_id="1", loudness=4))
        perform(processes, FinishCall(call_id="1"))
        await room.ended.wait()

    assert len(play(socket, story, room)) == 1
    assert not any(isinstance(message, Begin) for message in room.received)
