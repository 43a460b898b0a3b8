"""What happens when there is more of everything: contacts, appointments, pushes in a second."""

from dataclasses import asdict
from typing import Any

from tests.bench.screen import meters, trials
from tests.bench.screen.figures import median
from tests.bench.screen.show import Show

CONTACTS = (1, 6, 40)
APPOINTMENTS = (6, 50, 200)
Growth = dict[str, list[dict[str, Any]]]


def grow(show: Show, pushes: int) -> Growth:
    """On a running side; afterwards it shows what it showed before, but for photos that it has not kept."""
    found: Growth = {"contacts": [], "appointments": [], "burst": []}
    for count in CONTACTS:
        show.publish("people", show.documents.with_contacts(count))
        found["contacts"].append({"count": count} | _pushed(show, pushes, "presence"))
    show.publish("people", show.documents.with_contacts(6))
    for count in APPOINTMENTS:
        show.publish("calendar", show.documents.with_appointments(count))
        found["appointments"].append({"count": count} | _pushed(show, pushes, "title"))
    show.publish("calendar", show.documents.with_appointments(6))
    show.pixels.calm()
    found["burst"].append(asdict(trials.burst(show)))
    show.publish("calendar", show.documents.with_appointments(6))
    show.pixels.calm()
    return found


def _pushed(show: Show, pushes: int, kind: str) -> dict[str, float]:
    show.pixels.calm()
    pushed = trials.push_to_pixels(show, pushes, (kind,))
    memory = meters.pss_mib(show.side.processes())
    return {"push_to_pixels_p50": median(pushed.all()), "cpu_per_push": pushed.cpu_s, "memory_pss": memory}
