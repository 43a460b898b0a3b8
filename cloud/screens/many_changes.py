"""Many views are changed at once, in short transactions, and the change is undone (V1)."""

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from cloud.devices.documents import refresh_many
from cloud.devices.models import Device, DueRefresh
from cloud.organisations.models import Organisation, User
from cloud.screens.many import Order
from cloud.screens.models import ChangedView, ResidentView, ViewChange
from cloud.screens.view_values import Values, differences, digest_of, stored_of
from device.contract.documents import DOCUMENTS, Document

BATCH = 50
KEPT = timedelta(days=90)
_VIEW: tuple[Document, ...] = ("view",)
# What other documents of the device are written in.
_IN_OTHER_DOCUMENTS = frozenset({"language"})
# Changes the views of these numbers; those that it has changed.
_Work = Callable[[Sequence[int]], list[ResidentView]]


def carry_out(user: User, order: Order, without: Collection[int] = ()) -> ViewChange:
    """Changes the views and sends them out; what was changed after the preview is left as it is."""
    organisation = Organisation.objects.visible_to(user).get(pk=order.organisation)
    now = timezone.now()
    ViewChange.objects.filter(organisation=organisation, at__lt=now - KEPT).delete()
    change = ViewChange.objects.create(
        organisation=organisation, target=order.target[:150], values=order.values, by=user, at=now
    )
    ours = ResidentView.objects.visible_to(user)
    numbers = [pk for pk in order.seen if pk not in without]
    _in_batches(organisation, numbers, order.values, _Changing(change, ours, order))
    return change


@dataclass(frozen=True)
class _Changing:
    """Changes one batch; the views that it has changed."""

    change: ViewChange
    ours: QuerySet[ResidentView]
    order: Order

    def __call__(self, numbers: Sequence[int]) -> list[ResidentView]:
        values, rows = self.order.values, _locked(self.ours, numbers)
        fresh = [view for view in rows if digest_of(view, values) == self.order.seen[view.pk]]
        ChangedView.objects.bulk_create(
            ChangedView(
                change=self.change,
                resident=view.resident,
                before=stored_of(view, values),
                outcome=ChangedView.Outcome.CHANGED if view in fresh else ChangedView.Outcome.OVERTAKEN,
            )
            for view in rows
        )
        _set(fresh, values)
        return fresh


def undo(user: User, change: ViewChange) -> bool:
    """Restore the views, except those that were changed since; return False the second time."""
    open_ones = ViewChange.objects.visible_to(user).filter(pk=change.pk, undone_at=None)
    if not open_ones.update(undone_at=timezone.now(), undone_by=user):
        return False
    changed = ChangedView.objects.filter(change=change, outcome=ChangedView.Outcome.CHANGED)
    before = {row.resident_id: row for row in changed}
    ours = ResidentView.objects.visible_to(user)
    numbers = list(ours.filter(resident__in=before).values_list("pk", flat=True))
    _in_batches(change.organisation, numbers, change.values, _Undoing(ours, change.values, before))
    return True


@dataclass(frozen=True)
class _Undoing:
    """Undoes one batch; the views that are as they were."""

    ours: QuerySet[ResidentView]
    values: Values
    before: dict[int, ChangedView]

    def __call__(self, numbers: Sequence[int]) -> list[ResidentView]:
        rows = _locked(self.ours, numbers)
        ours = [view for view in rows if not list(differences(view, self.values))]
        alike: dict[str, list[ResidentView]] = defaultdict(list)
        for view in rows:
            is_ours, mine = view in ours, self.before[view.resident_id]
            mine.outcome = ChangedView.Outcome.UNDONE if is_ours else ChangedView.Outcome.KEPT
            if is_ours:
                alike[json.dumps(mine.before, sort_keys=True)].append(view)
        for values, views in alike.items():
            _set(views, json.loads(values))
        ChangedView.objects.bulk_update([self.before[view.resident_id] for view in rows], ["outcome"])
        return ours


def _in_batches(organisation: Organisation, numbers: list[int], values: Values, work: _Work) -> None:
    """Save in batches, so that no help request waits for all; unfinished changes are completed later."""
    due = DueRefresh.objects.create(organisation=organisation, since=timezone.now())
    for at in range(0, len(numbers), BATCH):
        with transaction.atomic():
            changed = work(numbers[at : at + BATCH])
        devices = Device.objects.filter(resident__in=[view.resident_id for view in changed])
        names = list(devices.values_list("pk", flat=True))
        refresh_many(names, DOCUMENTS if _IN_OTHER_DOCUMENTS & values.keys() else _VIEW)
    due.delete()


def _locked(rows: QuerySet[ResidentView], numbers: Iterable[int]) -> list[ResidentView]:
    chosen = rows.filter(pk__in=numbers).select_related("resident").order_by("pk")
    return list(chosen.select_for_update(of=("self",)))


def _set(views: Sequence[ResidentView], values: Values) -> None:
    if views:
        ResidentView.objects.filter(pk__in=[view.pk for view in views]).update(**values)
