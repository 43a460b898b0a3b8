"""``python -m tests.bench.desk [--residents N] [--screens N] [--rounds N] [--pages TEXT]``.

Every page of the desk that shows something is asked for in this process: time is the server's alone.
The database is PostgreSQL where it is installed. Figures and scale go into ``build/bench/desk.json``. Each
page also has the processor's time of this process, and the time its queries took: on a busy machine they
say more than the clock.
"""

import argparse
import json
import re
import sys
import time
from pathlib import Path
from typing import Any

from tests.bench.desk.database import database
from tests.bench.screen.figures import percentile

BUILD = Path("build") / "bench"
MOST = {"page_p95": 0.15, "queries_max": 12, "page_kb_max": 60, "push_1000": 10.0}


def main() -> None:
    """Prints the figures, and writes them with the scale."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.desk", description=__doc__)
    parser.add_argument("--residents", type=int, default=10_000)
    parser.add_argument("--screens", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--pages", default="", help="only pages whose address has this in it")
    given = parser.parse_args()
    with database() as name:
        found = _measure(given, name)
    (BUILD / "desk.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(json.dumps(found, indent=1) + "\n")


def _measure(given: argparse.Namespace, database: str) -> dict[str, object]:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    from django.conf import settings
    from django.test import Client

    from tests.bench.desk.seed import fill
    from tests.cloud.homes import make_home

    settings.ALLOWED_HOSTS = ["testserver"]
    settings.BROKER_DESK_PORT = 0
    home = make_home("Bench")
    fill(home.organisation, given.residents)
    desk = Client()
    desk.force_login(home.user)
    pages = _pages(desk, home, given.rounds, given.pages)
    figures = {
        "page_p95": {
            "ours": round(percentile([s for page in pages for s in page["all_s"]], 95), 3),
            "unit": "s",
        },
        "queries_max": {"ours": max(page["queries"] for page in pages), "unit": ""},
        "page_kb_max": {"ours": max(page["kb"] for page in pages), "unit": "kB"},
        "push_1000": {"ours": round(_push(desk, home, given.screens), 2), "unit": "s"},
    }
    scale = {**vars(given), "pages": len(pages), "database": database}
    for page in pages:
        del page["all_s"]
    return {"scale": scale, "figures": figures, "most": MOST, "pages": pages}


def _pages(desk: Any, home: Any, rounds: int, only: str) -> list[dict[str, Any]]:
    from tests.cloud.test_page_queries import NOT_PAGES
    from tests.cloud.test_scope import PRIVATE, address

    found = []
    for route in PRIVATE:
        if route.startswith(NOT_PAGES) or only not in address(route, home):
            continue
        answer = desk.get(address(route, home))
        # Downloads grow with what they hold.
        if answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html"):
            found.append({"page": route, **_page(desk, address(route, home), rounds)})
    return sorted(found, key=lambda page: page["p95_s"], reverse=True)


def _page(desk: Any, path: str, rounds: int) -> dict[str, Any]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        body = desk.get(path).getvalue()
    # The next request forgets them.
    asked, waited_s = len(queries), sum(float(each["time"]) for each in queries.captured_queries)
    taken, used = [], []
    for _round in range(rounds):
        began, busy = time.perf_counter(), time.process_time()
        desk.get(path).getvalue()
        taken.append(time.perf_counter() - began)
        used.append(time.process_time() - busy)
    return {
        "queries": asked,
        "kb": round(len(body) / 1024, 1),
        "p95_s": round(max(taken), 3),
        "processor_s": round(min(used), 3),
        "queries_s": round(waited_s, 3),
        "all_s": taken,
    }


def _push(desk: Any, home: Any, screens: int) -> float:
    """One element of so many views, until the last one has its document."""
    from cloud.devices.models import DesiredDocument
    from cloud.people.models import Resident
    from cloud.screens.models import ScreenGroup

    group = ScreenGroup.objects.create(organisation=home.organisation, name="Those of the bench")
    group.residents.set(Resident.objects.filter(device__pk__startswith="bench").order_by("pk")[:screens])
    shown = desk.post("/devices/many/", {"target": f"group-{group.pk}", "cafe": "0"}).content.decode()
    token = re.search(r'name="token" value="([^"]+)"', shown)
    if token is None:
        raise SystemExit("The preview offers nothing to send.")
    began = time.perf_counter()
    desk.post("/devices/many/send/", {"token": token[1]})
    taken = time.perf_counter() - began
    written = DesiredDocument.objects.filter(name="view", version=2).count()
    if written != min(screens, group.residents.count()):
        raise SystemExit(f"Only {written} documents were written.")
    return taken


if __name__ == "__main__":
    main()
