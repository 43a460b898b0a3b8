"""``python -m tests.bench.desk.publish``: ``build/bench/desk.json`` as tables, into docs/bench-desk.md."""

import json
from pathlib import Path
from typing import Any

from tests.bench.screen.tables import put_into

FOUND, PAGE = Path("build") / "bench" / "desk.json", Path("docs") / "bench-desk.md"
MOST_PAGES = 10
TARGETS = {
    "page_p95": ("server time of a page, p95 over all pages", 0.15),
    "queries_max": ("most queries of a page", 12),
    "page_kb_max": ("largest page", 60),
    "push_1000": ("one element of 1,000 screens, until the last has its document", 10),
    "press_to_board_p50": ("from a press for help to an open board, p50", None),
    "press_to_all_boards_p95": ("from a press for help until all open boards show it, p95", 1),
    "memory_per_open_board_kb": ("memory of the web process for each open board", None),
    "applications_sent": ("relatives who apply within the hour, by the public form", None),
    "applications_stored": ("of them wait for a decision: a hundred at each organisation", 10_100),
    "application_letters": ("letters about them", 7),
    "application_page": ("server time of the page of applications with all of them", 0.15),
    "application_page_queries": ("queries of that page", 12),
    "application_page_kb": ("size of that page", 60),
}


def main() -> None:
    """Bring the page up to date."""
    found = json.loads(FOUND.read_text(encoding="utf-8"))
    scale = ", ".join(f"{name} {value}" for name, value in sorted(found["scale"].items()))
    put_into(PAGE, {"figures": _figures(found["figures"]), "pages": _pages(found["pages"]), "scale": scale})


def _figures(figures: dict[str, Any]) -> str:
    lines = ["| | measured | target | |", "|---|--:|--:|---|"]
    for name, (words, most) in TARGETS.items():
        if name not in figures:
            continue
        value, unit = figures[name]["ours"], figures[name]["unit"]
        is_reached = "" if most is None else "reached" if value <= most else "not reached"
        target = "" if most is None else f"≤ {most} {unit}"
        lines.append(f"| {words} | {value} {unit} | {target} | {is_reached} |")
    return "\n".join(lines)


def _pages(pages: list[dict[str, Any]]) -> str:
    lines = ["| page | slowest of the rounds, s | queries | kB |", "|---|--:|--:|--:|"]
    lines += [
        f"| `{page['page'] or '/'}` | {page['p95_s']} | {page['queries']} | {page['kb']} |"
        for page in pages[:MOST_PAGES]
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
