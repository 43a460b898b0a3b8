"""``python -m tests.bench.queue [--residents N] [--agents N] [--pause SECONDS]``: ``build/bench/queue.json``.

People pause: residents and agents read and write for some seconds. Without pauses (``--pause 0``) the figures
show how much the desk can do, not how soon it answers. The scale stands in the file.
"""

import argparse
import asyncio
import json
import shutil
import signal
import sys
import textwrap
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from provisioning.demo.desk import Desk
from provisioning.demo.simulated import SimulatedTablet
from tests.bench.fleet.place import FleetDesk
from tests.bench.messages.table import PAGE, scale_line, table
from tests.bench.queue.agents import PASSWORD, SimulatedAgent
from tests.bench.queue.residents import Samples, SimulatedResident, see_phantoms
from tests.bench.screen.figures import percentile
from tests.bench.screen.meters import cpu_s
from tests.bench.screen.tables import put_into
from tests.cloud.queue.recorded import Recorded, replayed, write

BUILD = Path("build") / "bench"
MOST = {
    "join_p95": 0.5, "message_to_screen_p95": 0.3, "phantom_seen_p95": 5.0, "lost": 0, "doubled": 0,
    "overtaken": 0,
}  # fmt: skip
LEAST = {"served": 1.0, "estimate_true": 0.8}
# People at a real desk take minutes where these take seconds.
SLOWER = 15.0
MOST_PHANTOMS = 20
FURNISH = """
import json
from cloud.organisations.models import Grant, Organisation, User
from cloud.organisations.roles import Role
from cloud.queue.models import Queue
from cloud.screens.models import ResidentView
ResidentView.objects.update(queue=True)
home = Organisation.objects.get(name="Lehmuskoto")
for number in range(AGENTS):
    name = f"agent{number}"
    user = User.objects.create_user(name, password=PASSWORD, organisation=home, first_name=name)
    Grant.objects.create(user=user, organisation=home, role=Role.QUEUE_AGENT)
made = [Queue.objects.create(organisation=home, name=f"Bench {n}") for n in range(QUEUES)]
print(json.dumps([str(queue.pk) for queue in made]))
"""


def main() -> None:
    """Prints the figures, and writes them with every sample."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.queue", description=__doc__)
    parser.add_argument("--residents", type=int, default=200)
    parser.add_argument("--queues", type=int, default=10)
    parser.add_argument("--agents", type=int, default=30)
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--pause", type=float, default=8.0, help="of everybody, about, in seconds")
    parser.add_argument("--publish", action="store_true", help="bring the page in docs/ up to date")
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    folder = (BUILD / "queue").resolve()
    shutil.rmtree(folder, ignore_errors=True)
    with FleetDesk(folder, given.residents) as place:
        place.desk.escalation.start()
        try:
            found = asyncio.run(_measure(place, given))
        finally:
            place.desk.escalation.stop()
            place.desk.inspector.close()
    write(BUILD / "queue-visits.csv", found.pop("visits"))
    (BUILD / "queue.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    words = f"{table(found['figures'], MOST, LEAST)}\n\nScale: {scale_line(found['scale'])}"
    sys.stdout.write(f"{words}\n")
    if given.publish:
        put_into(PAGE, {"queue": words})


async def _measure(place: FleetDesk, given: argparse.Namespace) -> dict[str, Any]:
    queues, samples, desk = _furnish(place.desk, given), Samples(), place.desk
    with ThreadPoolExecutor(4) as handshakes:
        tablets = [
            SimulatedTablet(place.identities / name, desk.authority, place.broker_port, handshakes)
            for name in place.devices()
        ]
        lives = [asyncio.create_task(tablet.live()) for tablet in tablets]
        await asyncio.gather(*(tablet.linked.wait() for tablet in tablets))
        cpu = await _serve(tablets, queues, samples, given, desk)
        is_away = partial(_is_away, desk)
        samples.seconds["phantom_seen"] = await see_phantoms(tablets[:MOST_PHANTOMS], queues[0], is_away)
        for life in lives:
            life.cancel()
        await asyncio.gather(*lives, return_exceptions=True)
    figures: dict[str, float] = {
        f"{name}_p95": round(percentile(seconds, 95), 3) for name, seconds in samples.seconds.items()
    }
    figures |= {
        "served": round(samples.served / max(1, samples.joined), 3), "lost": samples.lost,
        "doubled": samples.doubled, "overtaken": _overtaken(desk), "desk_cpu_cores": round(cpu, 2),
    }  # fmt: skip
    visits = _recorded(desk)
    said = replayed(visits, given.agents, SLOWER)
    figures["estimate_true"] = round(sum(each.is_true for each in said) / max(1, len(said)), 2)
    scale = {"residents": given.residents, "queues": given.queues, "agents": given.agents}
    scale |= {"seconds": given.seconds, "pause_s": given.pause, "visits": samples.joined}
    return {"scale": scale, "figures": figures, "samples": samples.seconds, "visits": visits}


def _furnish(desk: Desk, given: argparse.Namespace) -> list[str]:
    furnish = textwrap.dedent(FURNISH).replace("AGENTS", str(given.agents))
    furnish = furnish.replace("QUEUES", str(given.queues)).replace("PASSWORD", repr(PASSWORD))
    queues: list[str] = json.loads(desk.run("shell", "-v", "0", "-c", furnish))
    return queues


async def _serve(
    tablets: list[SimulatedTablet],
    queues: list[str],
    samples: Samples,
    given: argparse.Namespace,
    desk: Desk,
) -> float:
    """Everybody lives for so long; return the CPU that the desk's processes used, in cores."""
    residents = [
        SimulatedResident(tablet, queues[number % len(queues)], samples, given.pause)
        for number, tablet in enumerate(tablets)
    ]
    agents = [
        SimulatedAgent(desk.url, f"agent{number}", samples, given.pause) for number in range(given.agents)
    ]
    for agent in agents:
        await agent.sign_in(queues)
    pids = [part.pid for part in (desk.pages, desk.link, desk.escalation) if part.pid]
    used_s, began_s = cpu_s(pids), time.monotonic()
    gone, closed = asyncio.Event(), asyncio.Event()
    living = [asyncio.create_task(resident.live(gone)) for resident in residents]
    working = [asyncio.create_task(agent.work(closed)) for agent in agents]
    await asyncio.sleep(given.seconds)
    cpu = (cpu_s(pids) - used_s) / (time.monotonic() - began_s)
    gone.set()
    await asyncio.gather(*living)
    closed.set()
    await asyncio.gather(*working)
    return cpu


async def _is_away(desk: Desk, visit: str) -> object:
    return await asyncio.to_thread(desk.rows, "queue.Visit", "pk", id=visit, away_since__isnull=False)


def _recorded(desk: Desk) -> list[Recorded]:
    """Return all visits that were served, in seconds since the first joined."""
    names = ("queue", "joined_at", "first_served_at", "ended_at")
    served = {"first_served_at__isnull": False, "ended_at__isnull": False}
    rows = desk.rows("queue.Visit", *names, order=["joined_at"], **served)
    times = [(row[0], *(datetime.fromisoformat(at).timestamp() for at in row[1:])) for row in rows]
    return [Recorded(queue, *(at - times[0][1] for at in each)) for queue, *each in times]


def _overtaken(desk: Desk) -> int:
    """Visits that were served before one of the same queue that had joined earlier."""
    rows = desk.rows(
        "queue.Visit", "queue", "first_served_at", first_served_at__isnull=False, order=["number"]
    )
    newest: dict[int, str] = {}
    count = 0
    for queue, served_at in rows:
        count += served_at < newest.get(queue, "")
        newest[queue] = max(served_at, newest.get(queue, ""))
    return count


if __name__ == "__main__":
    main()
