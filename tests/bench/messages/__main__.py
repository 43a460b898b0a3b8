"""``python -m tests.bench.messages [--residents N] [--messages N] [--seconds N] [--tablets N]``.

Writes ``build/bench/messages.json``, with the scale. Two workers are killed at random while they hand over
to a gateway that counts. What goes to screens is measured at a desk of its own (``due.py``).
"""

import argparse
import json
import os
import random
import resource
import shutil
import signal
import sys
import time
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.bench.messages.due import measure
from tests.bench.messages.table import PAGE, scale_line, table
from tests.bench.screen.tables import put_into

BUILD = Path("build") / "bench"
APPOINTMENTS = 10
A_SECOND = 10
MOST = {
    "replan_one_p95_ms": 50.0, "due_to_screen_p95_s": 1.0, "dwell_p95_s": 2.0, "sent_twice": 0, "lost": 0,
}  # fmt: skip


def main() -> None:
    """Prints the figures, and writes them with the scale."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.messages", description=__doc__)
    parser.add_argument("--residents", type=int, default=200)
    parser.add_argument("--messages", type=int, default=1000)
    parser.add_argument("--seconds", type=int, default=300)
    parser.add_argument("--tablets", type=int, default=100)
    parser.add_argument("--a-minute", type=int, default=1000, help="messages to screens")
    parser.add_argument("--screen-seconds", type=int, default=60)
    parser.add_argument("--publish", action="store_true", help="bring the page in docs/ up to date")
    given = parser.parse_args()
    publish = vars(given).pop("publish")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    to_screens = _to_screens(given)
    folder = (BUILD / "messages").resolve()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    os.environ["KOTIRUUTU_DESK_DATA"] = str(folder)
    os.environ.setdefault("KOTIRUUTU_DESK_SECRET", "only-for-figures")
    os.environ["DJANGO_SETTINGS_MODULE"] = "cloud.desk.settings"
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    figures = {**_plan(given.residents), **to_screens, **_hand_over(given.messages, given.seconds)}
    memory_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    found: dict[str, Any] = {
        "scale": {**vars(given), "appointments": given.residents * APPOINTMENTS, "database": "SQLite"},
        "figures": {**figures, "memory_mb": round(memory_mb)},
        "most": MOST,
    }
    (BUILD / "messages.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    words = f"{table(found['figures'], MOST, {})}\n\nScale: {scale_line(found['scale'])}"
    sys.stdout.write(f"{words}\n")
    if publish:
        put_into(PAGE, {"messages": words})


def _to_screens(given: argparse.Namespace) -> dict[str, float]:
    folder = (BUILD / "messages-to-screens").resolve()
    shutil.rmtree(folder, ignore_errors=True)
    return measure(folder, given.tablets, given.a_minute, given.screen_seconds)


def _plan(residents: int) -> dict[str, float]:
    """All at once for the first time, then one by one after an appointment has moved."""
    from django.utils import timezone

    from cloud.calendar.models import Appointment
    from cloud.messages.models import Message, MessageText, ReminderType
    from cloud.messages.planning import replan
    from cloud.organisations.models import Organisation
    from cloud.people.models import Resident
    from tests.bench.screen.figures import percentile

    home = Organisation.objects.create(name="Bench")
    text = MessageText.objects.get(organisation=home, code="appointment")
    ReminderType.objects.create(organisation=home, name="All", text=text, leads_min=[30], evening_before=True)
    people = [Resident(organisation=home, first_name="Aino", last_name=str(n)) for n in range(residents)]
    Resident.objects.bulk_create(people)
    first = timezone.localdate() + timedelta(days=1)
    walls = [f"{first + timedelta(days=n % 7):%Y-%m-%d}T{9 + n:02}:00" for n in range(APPOINTMENTS)]
    Appointment.objects.bulk_create(
        Appointment(resident=each, title="Visit", starts=wall) for each in people for wall in walls
    )
    began_s = time.monotonic()
    for each in people:
        replan(each)
    plan_all_s = time.monotonic() - began_s
    planned, taken_ms = Message.objects.count(), []
    for each in people[:200]:
        Appointment.objects.filter(resident=each, starts=walls[0]).update(starts=walls[0][:11] + "08:30")
        began_s = time.monotonic()
        replan(each)
        taken_ms.append((time.monotonic() - began_s) * 1000)
    return {
        "plan_all_s": round(plan_all_s, 2),
        "planned": planned,
        "replan_one_p95_ms": round(percentile(taken_ms, 95), 1),
    }


def _hand_over(messages: int, seconds: int) -> dict[str, float]:
    """Sent by two workers that are killed again and again; the gateway's own count is what counts."""
    from django.conf import settings
    from django.utils import timezone

    from cloud.delivery import outbox
    from cloud.delivery.models import ChannelSettings, Delivery
    from cloud.delivery.outbox import Address, Letter
    from cloud.organisations.models import Organisation
    from cloud.pki.authority import desk_authority
    from tests.bench.screen.figures import percentile
    from tests.cloud.delivery.sms_server import sms_server
    from tests.cloud.delivery.test_killed_workers import workers

    home = Organisation.objects.get(name="Bench")
    authority = desk_authority()
    authority.make(["localhost"])
    settings.PARTNER_AUTHORITY = str(authority.certificate_file)
    chance, killed, ends_at_s = random.Random(1), 0, time.monotonic() + seconds
    with sms_server(authority) as gateway:
        ChannelSettings.objects.create(organisation=home, channel="sms-gateway", values=gateway.values)
        rows = Delivery.objects.filter(organisation=home)
        with workers(2, lease_s=2.0) as ids:
            while len(ids()) < 2:
                time.sleep(0.1)
            # Some become due each second, while the workers run: the time from then on is theirs alone.
            begins_at = timezone.now() + timedelta(seconds=messages / 20)
            for number in range(messages):
                due_at = begins_at + timedelta(seconds=number / A_SECOND)
                to = Address("phone", f"+35840{number:07}")
                letter = Letter(f"k{number}", "bench", "Leena", "", "Hei", [to])
                outbox.put(home, letter, due_at)
            while rows.exclude(state="sent").exists() and time.monotonic() < ends_at_s:
                time.sleep(5)
                with suppress(ProcessLookupError, IndexError):
                    os.kill(chance.choice(ids()[-2:]), signal.SIGKILL)
                    killed += 1
        taken = Counter(str(each["to"]) for each in gateway.taken.values())
        dwell_s = [(row.sent_at - row.due_at).total_seconds() for row in rows if row.sent_at]
        return {
            "messages": messages,
            "killed": killed,
            "handed_over_more_than_once": sum(count > 1 for count in gateway.asked.values()),
            "sent_twice": sum(count - 1 for count in taken.values()),
            "lost": messages - len(taken),
            "dwell_p95_s": round(percentile(dwell_s, 95), 2),
        }


if __name__ == "__main__":
    main()
