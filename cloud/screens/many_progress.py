"""How far a change of many views has come: on the screen, on its way, or refused and why (K1)."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from cloud.devices.models import DesiredDocument, Device
from cloud.organisations.models import User
from cloud.people.models import Resident
from cloud.screens.models import ChangedView, ViewChange
from cloud.screens.sync_status import state_of


@dataclass(frozen=True)
class Line:
    """One resident of a change whose view has not simply arrived."""

    resident: Resident
    device: Device | None
    outcome: str
    reason: str


@dataclass(frozen=True)
class Progress:
    """How far a change has come."""

    counts: dict[str, int]
    lines: list[Line]


def progress(user: User, change: ViewChange) -> Progress:
    """How many screens show it, how many are still to, which have refused it and why."""
    documents = DesiredDocument.objects.filter(name="view").defer("body")
    rows = ChangedView.objects.visible_to(user).filter(change=change)
    rows = rows.select_related("resident__device").order_by(
        "resident__last_name", "resident__first_name", "pk"
    )
    found = rows.prefetch_related(Prefetch("resident__device__documents", documents, to_attr="views"))
    counts: Counter[str] = Counter()
    lines = []
    for row in found:
        device = getattr(row.resident, "device", None)
        document = next(iter(device.views), None) if device else None
        is_ours = row.outcome in (ChangedView.Outcome.CHANGED, ChangedView.Outcome.UNDONE)
        state = state_of(document, device.online) if device and document else "no_device"
        counts[state if is_ours else row.outcome] += 1
        if not is_ours:
            lines.append(Line(row.resident, device, row.get_outcome_display(), ""))
        elif state == "rejected" and document:
            lines.append(Line(row.resident, device, _("rejected"), document.rejected_reason))
    return Progress(dict(counts), lines)
