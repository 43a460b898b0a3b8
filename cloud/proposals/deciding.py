"""Proposals: confirmed by another user, refused, or expired."""

from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from cloud.organisations.models import Grant, Organisation, User
from cloud.organisations.roles import Verb, roles_that_may
from cloud.proposals import kinds
from cloud.proposals.models import Proposal

LIFETIME = timedelta(days=14)
State = Proposal.State


@transaction.atomic
def propose(
    kind: str, subject: str, payload: dict[str, Any], *, organisation: Organisation, by: User
) -> Proposal:
    """Propose a change; it replaces an open proposal about the same subject."""
    expire_old()
    waiting = Proposal.objects.filter(state=State.OPEN, kind=kind, subject=subject)
    for older in waiting.select_for_update():
        _close(older, State.WITHDRAWN, by)
    return Proposal.objects.create(
        kind=kind, subject=subject, payload=payload, organisation=organisation, proposed_by=by
    )


@transaction.atomic
def confirm(proposal: Proposal, by: User) -> None:
    """Apply the change. Raises ``ValidationError`` for the proposer, and where it is no longer applicable."""
    proposal = _locked(proposal)
    if proposal.proposed_by_id == by.pk:
        raise ValidationError(_("Somebody else has to confirm what you have proposed."), code="own")
    kinds.of(proposal).make(proposal)
    _close(proposal, State.CONFIRMED, by)


@transaction.atomic
def refuse(proposal: Proposal, by: User) -> None:
    """Refuse without changes; the proposer withdraws it this way."""
    proposal = _locked(proposal)
    _close(proposal, State.WITHDRAWN if proposal.proposed_by_id == by.pk else State.REFUSED, by)


def current() -> QuerySet[Proposal]:
    """Return all open proposals that have not expired."""
    return Proposal.objects.filter(state=State.OPEN, proposed_at__gte=timezone.now() - LIFETIME)


def expire_old() -> None:
    """Expire proposals without a decision after two weeks."""
    for old in Proposal.objects.filter(state=State.OPEN, proposed_at__lt=timezone.now() - LIFETIME):
        _close(old, State.EXPIRED, None)


def others_who_may(proposal: Proposal) -> bool:
    """Return whether another user could confirm it."""
    able = Grant.objects.filter(
        role__in=roles_that_may(Verb.CONFIRM),
        organisation__in=proposal.organisation.line,
        user__is_active=True,
    )
    return able.exclude(user=proposal.proposed_by_id).exists()


def _locked(proposal: Proposal) -> Proposal:
    found = (
        Proposal.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=proposal.pk)
    )
    if found.state != State.OPEN or found.proposed_at < timezone.now() - LIFETIME:
        raise ValidationError(_("This has been decided already."), code="decided")
    return found


def _close(proposal: Proposal, state: State, by: User | None) -> None:
    proposal.state, proposal.decided_by, proposal.decided_at = state, by, timezone.now()
    hidden = dict.fromkeys(kinds.of(proposal).secrets, "")
    proposal.payload = {**proposal.payload, **hidden}
    proposal.save(update_fields=["state", "decided_by", "decided_at", "payload"])
