"""``python -m tests.bench.desk.applications [--applications N]``: so many relatives apply within an hour.

Each by the public form, from an address of their own: first all at one organisation, then spread over a
hundred below it. What was stored, what the organisation was sent and how its page bears it are added to
``build/bench/desk.json``.
"""

import argparse
import json
import sys
import time
from datetime import timedelta
from typing import Any

from tests.bench.desk.database import BUILD, database

HOUSES = 100
LEENA = {
    "first_name": "Leena", "last_name": "Virtanen", "phone": "040 123 4567",
    "resident_name": "Bench Virtanen", "relation": "daughter", "consent": "on",
}  # fmt: skip


def main() -> None:
    """Print the figures, and add them to those of the pages."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.desk.applications", description=__doc__)
    parser.add_argument("--applications", type=int, default=10_000)
    given = parser.parse_args()
    with database() as name:
        figures = _measure(given.applications)
    kept = BUILD / "desk.json"
    found = json.loads(kept.read_text()) if kept.exists() else {"scale": {}, "figures": {}}
    found["figures"] |= figures
    found["scale"] |= {"applications": given.applications, "database": name}
    kept.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(json.dumps(figures, indent=1) + "\n")


def _measure(number: int) -> dict[str, object]:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from django.utils import timezone

    from cloud.delivery.models import Delivery
    from cloud.family import applying
    from cloud.family.models import Application, RelativesSettings
    from cloud.organisations.models import Organisation
    from tests.cloud.homes import make_home

    settings.ALLOWED_HOSTS = ["testserver"]
    home = make_home("Bench")
    RelativesSettings.objects.create(organisation=home.organisation, notice_email="team@example.org")
    # The one that the home has already is none of these.
    Application.objects.all().delete()
    below = [Organisation(name=f"House {at:03}", parent=home.organisation) for at in range(HOUSES)]
    for house in below:
        house.save()
    houses = [home.organisation, *below]
    links = [applying.make_link(each, timedelta(days=1), home.user) for each in houses]
    began_at, began = timezone.now(), time.perf_counter()
    statuses = _apply(links[:1], number) + _apply(links[1:], number)
    taken_s = time.perf_counter() - began
    minutes = (timezone.now() - began_at).total_seconds() / 60
    desk = Client()
    desk.force_login(home.user)
    desk.get("/relatives/applications/")
    with CaptureQueriesContext(connection) as queries:
        began = time.perf_counter()
        page = desk.get("/relatives/applications/").getvalue()
        page_s = time.perf_counter() - began
    letters = Delivery.objects.filter(about="application").count()
    return {
        "applications_sent": {"ours": len(statuses), "unit": ""},
        "applications_stored": {"ours": Application.objects.count(), "unit": ""},
        "applications_put_off": {"ours": statuses.count(429), "unit": ""},
        "applications_in": {"ours": round(minutes, 1), "unit": "min"},
        "application_mean": {"ours": round(1000 * taken_s / len(statuses), 1), "unit": "ms"},
        "application_letters": {"ours": letters, "unit": ""},
        "application_page": {"ours": round(page_s, 3), "unit": "s"},
        "application_page_queries": {"ours": len(queries), "unit": ""},
        "application_page_kb": {"ours": round(len(page) / 1024, 1), "unit": "kB"},
    }


def _apply(links: list[Any], number: int) -> list[int]:
    """So many people, each from an address of their own, by these links in turn."""
    from django.test import Client

    statuses = []
    for at in range(number):
        client = Client(REMOTE_ADDR=f"2001:db8::{at:x}")
        link = links[at % len(links)]
        where = f"/call/join/apply/{link.token}/"
        statuses.append(client.post(where, LEENA | {"email": f"relative{at}@example.org"}).status_code)
    return statuses


if __name__ == "__main__":
    main()
