"""Anonymises a user who has left: what they did stays on record under a number (V17)."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cloud.calls import anonymising
from cloud.calls.models import StaffContact
from cloud.desk import erasing
from cloud.organisations.models import Organisation, SignIn, User
from cloud.proposals import deciding
from cloud.proposals.kinds import Line
from cloud.proposals.models import Proposal

KIND = "anonymise-user"


def propose(user: User, by: User) -> None:
    """Propose it to a second person: it cannot be undone. Raises ``ValidationError`` for a user at work."""
    _check_left(user)
    payload = {"user": user.pk}
    deciding.propose(KIND, f"user:{user.pk}", payload, organisation=user.organisation, by=by)


def make(proposal: Proposal) -> None:
    """Anonymise the account of an approved proposal. Raises ``ValidationError`` where that has been done."""
    user = User.objects.filter(pk=proposal.payload["user"], anonymised_at=None).first()
    if user is None:
        raise ValidationError(_("This has been done already."), code="done")
    anonymise(user)


def describe(proposal: Proposal) -> list[Line]:
    """Return whose account it is."""
    return [Line(str(User.objects.filter(pk=proposal.payload["user"]).first() or "–"), "", "")]


@transaction.atomic
def anonymise(user: User) -> None:
    """Erase name, address and sign-ins permanently. Raises ``ValidationError`` for a user at work."""
    _check_left(user)
    name, details = user.get_full_name(), (user.email, user.username)
    SignIn.objects.filter(user=user).delete()
    for own in StaffContact.objects.filter(user=user).select_related("contact"):
        anonymising.anonymise(own.contact)
    user.first_name = user.last_name = user.email = ""
    user.username, user.anonymised_at = f"former-{user.pk}", timezone.now()
    user.save()
    # Roles and the names in records may reach over the whole tree.
    erasing.erase(Organisation.objects.get(pk=user.organisation.line[0]), name, details)


def _check_left(user: User) -> None:
    if not user.deactivated_at:
        raise ValidationError(_("Only an account that was deactivated can be anonymised."), code="at-work")
