"""The demo's other tablets, all in this process: ``python -m provisioning.demo.house IDENTITIES CA PORT``.

They link with keys and certificates of their own and behave as residents do; nothing is drawn.
"""

import asyncio
import json
import random
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct

from device.contract.events import CallEnded, CallPlaced, Happening, HelpRaised, UrgentCallRequested
from device.contract.identity import new_id
from device.contract.vital import Fault
from provisioning.demo.habits import Act, Habits
from provisioning.demo.simulated import SimulatedTablet

FAULTS = (
    Fault(part="speaker", reason="no sound was heard in the test"),
    Fault(part="camera", reason="gives no picture"),
    Fault(part="battery", reason="does not charge"),
)


class Resident(Struct):
    """A tablet of the house: whom its resident calls, and what goes on."""

    tablet: SimulatedTablet
    contacts: list[str]
    life: asyncio.Task[None] | None = None
    call: str = ""

    def begin(self) -> None:
        """Switch the tablet on: it lives until it is left."""
        self.life = asyncio.create_task(self.tablet.live())

    def leave(self) -> None:
        """Lose the network: nothing is said, and the broker publishes the will."""
        if self.life:
            self.life.cancel()
            self.life = None


async def main(identities: Path, authority: Path, port: int) -> None:
    """Live until the end of the process."""
    names: dict[str, list[str]] = json.loads((identities / "done.json").read_text(encoding="utf-8"))
    with ThreadPoolExecutor(2) as handshakes:
        house = {
            name: Resident(SimulatedTablet(identities / name, authority, port, handshakes), contacts)
            for name, contacts in names.items()
        }
        for each in house.values():
            each.begin()
            await asyncio.sleep(0.1)
        habits = Habits(list(house), random.Random(), time.monotonic())
        under_way: set[asyncio.Task[None]] = set()
        while True:
            for act in habits.due(time.monotonic()):
                task = asyncio.create_task(_do(house[act.device], act))
                under_way.add(task)
                task.add_done_callback(under_way.discard)
            await asyncio.sleep(habits.next_in_s(time.monotonic()))


async def _do(resident: Resident, act: Act) -> None:
    tablet = resident.tablet
    match act.deed:
        case "leave":
            resident.leave()
        case "come-back":
            resident.begin()
        case "fault":
            tablet.faults = [random.choice(FAULTS)]
            tablet.beat()
        case "repaired":
            tablet.faults = []
            tablet.beat()
        case _:
            if happening := _happening(resident, act):
                await tablet.tell(happening)


def _happening(resident: Resident, act: Act) -> Happening | None:
    id_ = new_id(datetime.now(UTC))
    match act.deed:
        case "help":
            return HelpRaised(help_id=id_, source=random.choice(("screen", "button", "pendant")))
        case "ask-for-a-call":
            return UrgentCallRequested(request_id=id_)
        case "call-a-relative" if resident.contacts:
            resident.call = id_
            return CallPlaced(call_id=id_, contact_ids=resident.contacts)
        case "hang-up" if resident.call:
            return CallEnded(call_id=resident.call, why="resident", seconds=0)
    return None


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])))
