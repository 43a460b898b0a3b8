"""Four-eyes approval of the secret that signs alarms (K14), with its partner."""

from typing import Any

from django.utils.translation import gettext as _

from cloud.help.models import Partner
from cloud.organisations.models import User
from cloud.proposals import deciding
from cloud.proposals.kinds import Line
from cloud.proposals.models import Proposal

KIND = "partner-secret"
SECRET = "webhook_secret"  # noqa: S105 - the name of the field
FIELDS = ("name", "email", "webhook_url", "after_s", "again_min", "only_registered")


def is_new(partner: Partner) -> bool:
    """Return whether the secret differs from the stored one."""
    stored = Partner.objects.filter(pk=partner.pk).values_list(SECRET, flat=True).first()
    return bool(partner.webhook_secret != (stored or ""))


def propose(partner: Partner, by: User) -> None:
    """Propose the form's partner to a second person."""
    payload: dict[str, Any] = {name: getattr(partner, name) for name in (*FIELDS, SECRET)}
    organisation = partner.organisation
    deciding.propose(KIND, f"partner:{organisation.pk}", payload, organisation=organisation, by=by)


def make(proposal: Proposal) -> None:
    """Save the partner's settings and secret of an approved proposal, in its transaction."""
    rows = Partner.objects.filter(organisation=proposal.organisation)
    partner = rows.first() or Partner(organisation=proposal.organisation)
    for name in (*FIELDS, SECRET):
        setattr(partner, name, proposal.payload[name])
    partner.save()


def describe(proposal: Proposal) -> list[Line]:
    """Return the proposal's values except the secret."""
    lines = [Line(_label(name), "", _words(proposal.payload[name])) for name in FIELDS]
    return [*lines, Line(_label(SECRET), "", _("a new one, which is not shown"))]


def _label(name: str) -> str:
    field = next(field for field in Partner._meta.concrete_fields if field.name == name)
    return str(field.verbose_name)


def _words(value: object) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(value) if value != "" else "–"
