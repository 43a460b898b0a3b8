"""What is missing in a new device's setup, judged by its documents."""

from cloud.devices.models import DesiredDocument, Device
from device.contract.readiness import Gap


def gaps_of(device: Device) -> list[Gap]:
    """Return the gaps in the order in which an installer needs them."""
    if device.resident_id is None:
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
    return gaps
