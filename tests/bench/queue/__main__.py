"""``python -m tests.bench.queue [--residents N] [--seconds N]``: into ``build/bench/queue.json``.

The scale is said in the file: as many residents and agents as one computer of two cores carries beside the
processes that are measured.
"""

import argparse
import json
import shutil
import signal
import sys
import textwrap
import time
from functools import partial
from pathlib import Path

from device.contract import topics
from device.contract.queue import InLine, QueueJoined
from provisioning.demo.desk import Desk
from tests.bench.queue.agents import SimulatedAgent
from tests.bench.queue.residents import Samples, SimulatedResident, new_id_now
from tests.bench.queue.street import tablet_of
from tests.bench.screen.figures import percentile
from tests.bench.screen.meters import cpu_s
from tests.campaign.street import Street
from tests.link.tablet import Tablet
from tests.link.waiting import eventually

BUILD = Path("build") / "bench"
MOST_S = {"join": 0.5, "message_to_screen": 0.3, "phantom_seen": 5.0}
FURNISH = """
import json
from cloud.organisations.models import Organisation
from cloud.queue.models import Queue
from cloud.screens.models import ResidentView
ResidentView.objects.update(queue=True)
home = Organisation.objects.get(name="Lehmuskoto")
made = [Queue.objects.create(organisation=home, name=f"Bench {n}") for n in range(COUNT)]
print(json.dumps([str(queue.pk) for queue in made]))
"""


def main() -> None:
    """Prints the figures, and writes them with every sample."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.queue", description=__doc__)
    parser.add_argument("--residents", type=int, default=12)
    parser.add_argument("--queues", type=int, default=4)
    parser.add_argument("--seconds", type=int, default=60)
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    folder = BUILD / "queue"
    shutil.rmtree(folder, ignore_errors=True)
    with Street(folder.resolve(), given.residents) as street:
        found = _measure(street, given)
    (BUILD / "queue.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(json.dumps(found["figures"], indent=1) + "\n")


def _measure(street: Street, given: argparse.Namespace) -> dict[str, object]:
    furnish = textwrap.dedent(FURNISH).replace("COUNT", str(given.queues))
    queues: list[str] = json.loads(street.desk.run("shell", "-v", "0", "-c", furnish))
    samples, said = Samples(), dict[str, float]()
    tablets = [tablet_of(street, number) for number in range(given.residents)]
    residents = [
        SimulatedResident(tablet, queues[number % len(queues)], samples, said)
        for number, tablet in enumerate(tablets)
    ]
    agents = [SimulatedAgent(street.desk.url, account, samples, said) for account in street.accounts]
    pids = [part.pid for part in (street.desk.pages, street.desk.link, street.desk.escalation) if part.pid]
    used_s, began_s = cpu_s(pids), time.monotonic()
    for agent in agents:
        agent.start(queues)
    for resident in residents:
        resident.start()
    time.sleep(given.seconds)
    for resident in residents:
        resident.stop()
    for agent in agents:
        agent.stop()
    cpu = (cpu_s(pids) - used_s) / (time.monotonic() - began_s)
    overtaken = _overtaken(street.desk)
    samples.seconds["phantom_seen"] = _phantoms(street.desk, tablets, queues)
    figures: dict[str, object] = {
        f"{name}_p95": {"ours": round(percentile(seconds, 95), 3), "unit": "s", "target": MOST_S[name]}
        for name, seconds in samples.seconds.items()
        if seconds
    }
    figures |= {
        "served": round(samples.served / max(1, samples.joined), 3),
        "lost": samples.lost,
        "doubled": samples.doubled,
        "overtaken": overtaken,
        "desk_cpu_cores": round(cpu, 2),
    }
    scale = {
        "residents": given.residents, "queues": given.queues, "agents": len(agents),
        "seconds": given.seconds, "visits": samples.joined,
    }  # fmt: skip
    return {"scale": scale, "figures": figures, "samples": dict(samples.seconds)}


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


def _phantoms(desk: Desk, tablets: list[Tablet], queues: list[str]) -> list[float]:
    """How long after its screen fell silent the desk shows each as away; no will is sent for them."""
    visits = [new_id_now() for _ in tablets]
    for tablet, visit in zip(tablets, visits, strict=True):
        tablet.insist(QueueJoined(visit_id=visit, queue_id=queues[0], way="text"))
    began = {}
    for tablet, visit in zip(tablets, visits, strict=True):
        tablet.say(topics.IN_LINE, InLine(visit_id=visit))
        began[visit] = time.monotonic()
    seen = []
    for visit in visits:
        is_away = partial(desk.rows, "queue.Visit", "pk", id=visit, away_since__isnull=False)
        eventually(is_away, "away", 20)
        seen.append(time.monotonic() - began[visit])
    return seen


if __name__ == "__main__":
    main()
