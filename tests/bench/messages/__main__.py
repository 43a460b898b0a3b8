"""``python -m tests.bench.messages [PART…] [--residents N] [--messages N] [--tablets N]``.

Parts are ``plan``, ``screens`` (``due.py``) and ``hand-over`` (``hand_over.py``); all of them without a name.
Writes ``build/bench/messages.json``, with the scale; parts that are not measured keep their figures.
"""

import argparse
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from device.contract.documents import Document
from tests.bench.messages.due import measure
from tests.bench.messages.table import PAGE, scale_line, table
from tests.bench.screen.tables import put_into

BUILD = Path("build") / "bench"
APPOINTMENTS = 10
MOVED = 500
PLAN: tuple[Document, ...] = ("messages",)
PARTS = ("plan", "screens", "hand-over")
MOST = {
    "plan_all_s": 60.0, "plan_memory_grew_mb": 20, "replan_one_p95_ms": 50.0, "due_to_screen_p95_s": 1.0,
    "dwell_p95_s": 2.0, "sent_twice": 0, "lost": 0,
}  # fmt: skip


def main() -> None:
    """Prints the figures, and writes them with the scale."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.messages", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--residents", type=int, default=10_000, help="each with ten appointments")
    parser.add_argument("--messages", type=int, default=10_000, help="to hand over")
    parser.add_argument("--seconds", type=int, default=600, help="in which those are due")
    parser.add_argument("--tablets", type=int, default=100)
    parser.add_argument("--a-minute", type=int, default=1000, help="messages to screens")
    parser.add_argument("--screen-seconds", type=int, default=60)
    parser.add_argument("--publish", action="store_true", help="bring the page in docs/ up to date")
    given = parser.parse_args()
    parts = given.parts or PARTS
    if unknown := set(parts) - set(PARTS):
        parser.error(f"there is no part {', '.join(sorted(unknown))}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    file = BUILD / "messages.json"
    found: dict[str, Any] = json.loads(file.read_text()) if file.exists() and given.parts else {}
    figures, scale = found.get("figures", {}), found.get("scale", {})
    if "screens" in parts:
        figures |= measure(_empty("messages-to-screens"), given.tablets, given.a_minute, given.screen_seconds)
        scale |= {
            "tablets": given.tablets,
            "a_minute": given.a_minute,
            "screen_seconds": given.screen_seconds,
        }
    if "hand-over" in parts:
        figures |= _hand_over(given.messages, given.seconds)
        scale |= {"messages": given.messages, "message_seconds": given.seconds}
    if "plan" in parts:
        figures |= _plan(_empty("messages"), given.residents)
        scale |= {"residents": given.residents, "appointments": given.residents * APPOINTMENTS}
    file.write_text(json.dumps({"scale": scale, "figures": figures, "most": MOST}, indent=1) + "\n")
    words = f"{table(figures, MOST, {})}\n\nScale: {scale_line(scale)}"
    sys.stdout.write(f"{words}\n")
    if given.publish:
        put_into(PAGE, {"messages": words})


def _empty(name: str) -> Path:
    folder = (BUILD / name).resolve()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def _hand_over(messages: int, seconds: int) -> dict[str, float]:
    """Measure in a process of its own, whose database is another."""
    folder = _empty("messages-handed-over")
    command = [
        sys.executable,
        "-m",
        "tests.bench.messages.hand_over",
        str(folder),
        str(messages),
        str(seconds),
    ]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return figures


def _plan(folder: Path, residents: int) -> dict[str, float]:
    """All at once for the first time, then one by one after an appointment has moved."""
    os.environ["KOTIRUUTU_DESK_DATA"] = str(folder)
    os.environ.setdefault("KOTIRUUTU_DESK_SECRET", "only-for-figures")
    os.environ["DJANGO_SETTINGS_MODULE"] = "cloud.desk.settings"
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    from django.utils import timezone

    from cloud.calendar.models import Appointment
    from cloud.devices.documents import refresh_resident, refresh_residents
    from cloud.messages.models import Message, MessageText, ReminderType
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
    rows = (Appointment(resident=each, title="Visit", starts=wall) for each in people for wall in walls)
    Appointment.objects.bulk_create(rows, batch_size=1000)
    began_s = time.monotonic()
    refresh_residents(people[: residents // 10], PLAN)
    memory_mb = _memory_mb()
    refresh_residents(people[residents // 10 :], PLAN)
    plan_all_s = time.monotonic() - began_s
    grew_mb, planned, taken_ms = _memory_mb() - memory_mb, Message.objects.count(), []
    for each in people[:MOVED]:
        Appointment.objects.filter(resident=each, starts=walls[0]).update(starts=walls[0][:11] + "08:30")
        began_s = time.monotonic()
        refresh_resident(each, "messages")
        taken_ms.append((time.monotonic() - began_s) * 1000)
    return {
        "plan_all_s": round(plan_all_s, 2),
        "plan_memory_grew_mb": round(grew_mb),
        "planned": planned,
        "replan_one_p50_ms": round(percentile(taken_ms, 50), 1),
        "replan_one_p95_ms": round(percentile(taken_ms, 95), 1),
    }


def _memory_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
