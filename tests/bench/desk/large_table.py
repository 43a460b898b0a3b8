"""``python -m tests.bench.desk.large_table [--rows N]``: into ``build/bench/large-table.json``.

A table of escalation contacts, ten a resident, is previewed and applied whole by the desk's pages, while
another process stores a call for help twice a second, as the link worker does; on SQLite, whose one
writer both want.
"""

import argparse
import json
import resource
import subprocess
import sys
import time
from typing import Any

from tests.bench.desk.database import BUILD, prepare
from tests.bench.screen.figures import percentile

CONTACTS = 10
BETWEEN_S = 0.5
HEAD = "resident;resident name;contact;office phone;other phone;email\r\n"
MOST = {"help_stored_p95_s": 0.5, "help_stored_max_s": 2.0, "memory_grew_mb": 400}


def main() -> None:
    """Prints the figures, and writes them with the scale."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.desk.large_table", description=__doc__)
    parser.add_argument("--rows", type=int, default=50_000)
    parser.add_argument("--store-help", action="store_true", help="be the other process")
    given = parser.parse_args()
    if given.store_help:
        _store_help()
        return
    prepare("large-table")
    figures = _measure(max(1, given.rows // CONTACTS))
    found = {"scale": {"rows": given.rows}, "figures": figures, "most": MOST}
    (BUILD / "large-table.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(json.dumps(found, indent=1) + "\n")


def _measure(residents: int) -> dict[str, float]:
    import django

    django.setup()
    from django.conf import settings
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.core.management import call_command
    from django.test import Client

    from cloud.people.models import EscalationContact, Resident
    from tests.bench.desk.seed import fill
    from tests.cloud.homes import make_home

    call_command("migrate", verbosity=0)
    settings.ALLOWED_HOSTS = ["testserver"]
    home = make_home("Bench")
    fill(home.organisation, residents)
    desk = Client()
    desk.force_login(home.user)
    numbers = Resident.objects.filter(device__id__startswith="bench").values_list("pk", flat=True)
    table = HEAD + "".join(
        f"{number};;Contact {at};040 123 {place % 10_000:04};;c{at}@example.org\r\n"
        for place, number in enumerate(numbers)
        for at in range(CONTACTS)
    )
    before_mb, began_s = _memory_mb(), time.monotonic()
    page = desk.post("/partner/contacts/", {"file": SimpleUploadedFile("contacts.csv", table.encode())}).text
    previewed_s = time.monotonic() - began_s
    address = page.partition('action="/partner/contacts/')[2].partition('"')[0]
    digest = page.partition('name="digest" value="')[2].partition('"')[0]
    if not digest:
        raise RuntimeError("the table was not taken")
    command = [sys.executable, "-m", "tests.bench.desk.large_table", "--store-help"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as help_:
        assert help_.stdout
        help_.stdout.readline()
        began_s = time.monotonic()
        answer = desk.post(f"/partner/contacts/{address}", {"digest": digest})
        applied_s = time.monotonic() - began_s
        stored_s: list[float] = json.loads(help_.communicate("")[0].splitlines()[-1])
    if answer.status_code != 302:
        raise RuntimeError(f"the table was not applied: {answer.status_code}")
    written = EscalationContact.objects.filter(name__startswith="Contact ").count()
    return {
        "previewed_s": round(previewed_s, 1),
        "applied_s": round(applied_s, 1),
        "rows_applied": written,
        "rows_missing": residents * CONTACTS - written,
        "memory_grew_mb": round(_memory_mb() - before_mb),
        "help_stored": len(stored_s),
        "help_stored_p50_s": round(percentile(stored_s, 50), 3),
        "help_stored_p95_s": round(percentile(stored_s, 95), 3),
        "help_stored_max_s": round(max(stored_s), 3),
    }


def _store_help() -> None:
    """Store a call for help now and again until the standard input ends; print how long each took."""
    import select

    import django

    django.setup()
    from django.utils import timezone

    from cloud.base.sqlite.base import writing
    from cloud.devices.incoming import handle_event
    from cloud.devices.models import Device
    from device.contract.events import HelpRaised, WireEvent

    devices = list(Device.objects.filter(id__startswith="bench").select_related("organisation", "resident"))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    taken_s: list[float] = []
    while not select.select([sys.stdin], [], [], BETWEEN_S)[0]:
        device, number = devices[len(taken_s) % len(devices)], len(taken_s)
        what: Any = HelpRaised(help_id=f"bench-{number}", source="button")
        event = WireEvent(
            sequence=number, boot_id="bench", monotonic_s=0.0, happened_at=timezone.now(), clock_trusted=True,
            what=what,
        )  # fmt: skip
        began_s = time.monotonic()
        with writing(first=True):
            handle_event(device, event)
        taken_s.append(time.monotonic() - began_s)
    sys.stdout.write(json.dumps(taken_s) + "\n")


def _memory_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
