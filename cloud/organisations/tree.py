"""The tree of organisations: children inherit settings (V27)."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet, Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext as _

from cloud.organisations.models import Organisation
from cloud.organisations.signals import organisation_moved

MOST_LEVELS = 10


def possible_parents(organisation: Organisation, among: QuerySet[Organisation]) -> QuerySet[Organisation]:
    """Return the possible parents among these: neither itself nor a descendant."""
    return among.exclude(path__startswith=organisation.path) if organisation.pk else among


def check_place(organisation: Organisation, parent: Organisation | None) -> None:
    """Raise ``ValidationError`` where the name exists there already, or the tree would be too deep."""
    beside = Organisation.objects.filter(parent=parent, name__iexact=organisation.name)
    if beside.exclude(pk=organisation.pk).exists():
        raise ValidationError(_("There is an organisation of this name already."), code="twice")
    above = len(parent.line) if parent else 0
    if above + _levels(organisation) > MOST_LEVELS:
        words = _("The tree may have at most %(most)d levels.")
        raise ValidationError(words, code="deep", params={"most": MOST_LEVELS})


@transaction.atomic
def move(organisation: Organisation, parent: Organisation) -> None:
    """Move the organisation and its descendants. Raises ``ValidationError`` for a cycle."""
    # One move at a time: two valid ones together could create a cycle.
    stored = {row.pk: row for row in Organisation.objects.select_for_update().order_by("pk")}
    moved, above = stored[organisation.pk], stored[parent.pk]
    if above.path.startswith(moved.path):
        raise ValidationError(_("An organisation cannot stand below itself."), code="cycle")
    if moved.parent_id == above.pk:
        return
    check_place(moved, above)
    path = f"{above.path}{moved.pk}/"
    below = Organisation.objects.filter(path__startswith=moved.path)
    below.update(path=Concat(Value(path), Substr("path", len(moved.path) + 1)))
    moved.parent, moved.path = above, path
    moved.save()
    organisation_moved.send(Organisation, organisation=moved)


def _levels(organisation: Organisation) -> int:
    if not organisation.pk:
        return 1
    paths = Organisation.objects.filter(path__startswith=organisation.path).values_list("path", flat=True)
    return max(path.count("/") for path in paths) - organisation.path.count("/") + 1
