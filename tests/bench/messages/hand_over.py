"""``python -m tests.bench.messages.hand_over FOLDER MESSAGES SECONDS``: the figures as JSON.

Two of the desk's real processes hand over to a gateway that counts, beside a broker and PostgreSQL. They are
killed again and again at random; broker and database crash once each, while messages go out.
"""

import json
import os
import random
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import django

from provisioning.demo.managed_process import ManagedProcess
from tests.bench.fleet.place import FleetDesk
from tests.bench.screen.figures import percentile
from tests.postgresql import DURABLE

if TYPE_CHECKING:
    from tests.cloud.delivery.sms_server import SmsServer

# Before the first is due, and after the last: what a killed worker had claimed is free after two minutes.
AHEAD_S, PATIENCE_S = 20.0, 150.0
BETWEEN_KILLS_S = (5.0, 25.0)


def main(folder: Path, messages: int, seconds: float) -> None:
    """Prints what was handed over, how often and how late."""
    with FleetDesk(folder, 0, postgresql=True, settings=DURABLE) as fleet:
        os.environ.update(fleet.place.environment)
        django.setup()
        from cloud.pki.authority import Authority
        from tests.cloud.delivery.sms_server import sms_server

        authority = Authority(folder / "gateway")
        authority.make(["localhost"])
        environment = fleet.place.environment | {
            "KOTIRUUTU_PARTNER_AUTHORITY": str(authority.certificate_file),
            "KOTIRUUTU_PARTNER_MAY_BE_LOCAL": "1",
        }
        workers = [
            ManagedProcess(
                f"worker {number}",
                fleet.place.python("cloud", "escalate"),
                log=fleet.place.log(f"worker{number}"),
                environment=environment,
            )
            for number in (1, 2)
        ]
        with sms_server(authority) as gateway:
            try:
                found = _measure(fleet, workers, gateway, messages, seconds)
            finally:
                for worker in workers:
                    worker.stop()
    sys.stdout.write(json.dumps(found) + "\n")


def _measure(
    fleet: FleetDesk, workers: list[ManagedProcess], gateway: "SmsServer", messages: int, seconds: float
) -> dict[str, float]:
    from django.utils import timezone

    from cloud.delivery.models import ChannelSettings
    from cloud.organisations.models import Organisation

    home = Organisation.objects.create(name="Bench")
    ChannelSettings.objects.create(organisation=home, channel="sms-gateway", values=gateway.values)
    for worker in workers:
        worker.start()
    begins_at = timezone.now() + timedelta(seconds=AHEAD_S)
    ends_at = begins_at + timedelta(seconds=seconds + PATIENCE_S)
    with ThreadPoolExecutor(1) as beside:
        putting = beside.submit(_put_all, home, begins_at, messages, seconds)
        thirds = [begins_at + timedelta(seconds=seconds * third / 3) for third in (1, 2)]
        crashes = [(thirds[0], fleet.broker.kill)]
        if fleet.database:
            crashes.append((thirds[1], fleet.database.crash))
        killed, chance = 0, random.Random(1)
        while len(gateway.taken) < messages and timezone.now() < ends_at:
            time.sleep(chance.uniform(*BETWEEN_KILLS_S))
            chance.choice(workers).kill()
            killed += 1
            if crashes and timezone.now() > crashes[0][0]:
                crashes.pop(0)[1]()
        putting.result()
    rows = _settled(home, ends_at)
    taken = Counter(str(each["to"]) for each in gateway.taken.values())
    dwell_s = [(sent - due).total_seconds() for due, sent, _state in rows if sent]
    return {
        "messages": messages,
        "handed_over_in_s": round(seconds),
        "killed": killed,
        "broker_and_database_crashed": 2 - len(crashes),
        "handed_over_more_than_once": sum(count > 1 for count in gateway.asked.values()),
        "sent_twice": sum(count - 1 for count in taken.values()),
        "lost": messages - len(taken),
        "not_called_sent": sum(state != "sent" for _due, _sent, state in rows),
        "dwell_p50_s": round(percentile(dwell_s, 50), 2),
        "dwell_p95_s": round(percentile(dwell_s, 95), 2),
    }


def _put_all(home: Any, begins_at: datetime, messages: int, seconds: float) -> None:
    """Plan all of them, each well before it is due."""
    from django.utils import timezone

    from cloud.delivery import outbox
    from cloud.delivery.outbox import Address, Letter

    for number in range(messages):
        due_at = begins_at + timedelta(seconds=number * seconds / messages)
        if due_at < timezone.now():
            raise RuntimeError("messages are planned more slowly than they are due")
        letter = Letter(f"k{number}", "bench", "Leena", "", "Hei", [Address("phone", f"+35840{number:07}")])
        outbox.put(home, letter, due_at)


def _settled(home: Any, ends_at: datetime) -> list[tuple[datetime, datetime | None, str]]:
    """Return when each was due and sent, once the desk knows it of all."""
    from django.db import connection
    from django.utils import timezone

    from cloud.delivery.models import Delivery

    # The database was restarted: what was open to it is not any more.
    connection.close()
    rows = Delivery.objects.filter(organisation=home)
    while rows.exclude(state="sent").exists() and timezone.now() < ends_at:
        time.sleep(0.5)
    return list(rows.values_list("due_at", "sent_at", "state"))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))
