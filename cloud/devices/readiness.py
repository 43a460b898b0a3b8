"""What is missing in a new device's setup: by its documents, and by what other domains register."""

from collections.abc import Callable

from cloud.devices.models import DesiredDocument, Device
from cloud.people.models import Resident
from device.contract.readiness import Gap

# Returns what is missing for this resident.
Gaps = Callable[[Resident], list[Gap]]

_others: list[Gaps] = []


def register(gaps: Gaps) -> None:
    """Add what else a resident's device lacks."""
    _others.append(gaps)


def gaps_of(device: Device) -> list[Gap]:
    """Return the gaps in the order in which an installer needs them."""
    if device.resident is None:
        return ["resident"]
    documents = DesiredDocument.objects.filter(device=device, name__in=("view", "people", "policy"))
    bodies = dict(documents.values_list("name", "body"))
    gaps: list[Gap] = []
    if True not in bodies.get("view", {}).get("elements", {}).values():
        gaps.append("view")
    if not bodies.get("people", {}).get("contacts"):
        gaps.append("contacts")
    if not bodies.get("policy", {}).get("help", {}).get("contacts"):
        gaps.append("escalation")
    others = [gap for each in _others for gap in each(device.resident)]
    # Who has nobody lacks a second one too, which is said once.
    return gaps + [gap for gap in others if gap != "second-contact" or "escalation" not in gaps]
