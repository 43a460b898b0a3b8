"""User accounts: who may manage which others, and that somebody always can (V8)."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from cloud.organisations.models import Grant, Organisation, User
from cloud.organisations.roles import Verb, roles_that_may


def visible_accounts(manager: User) -> QuerySet[User]:
    """Return users who belong to an organisation that this manager sees, or have a role there."""
    seen = Organisation.objects.visible_to(manager)
    held = Grant.objects.filter(organisation__in=seen).values("user")
    rows = User.objects.filter(Q(organisation__in=seen) | Q(pk__in=held), anonymised_at=None)
    rows = rows.select_related("organisation")
    return rows.order_by("last_name", "first_name", "pk")


def manages(manager: User, user: User) -> bool:
    """Return whether the manager may change the whole account: all of it is within their organisations.

    Otherwise setting a password below would give access to what is above.
    """
    places = [user.organisation.path, *user.grants.values_list("organisation__path", flat=True)]
    return all(place.startswith(manager.paths) for place in places)


def is_taken(address: str, by_others_than: User) -> bool:
    """Return whether another user signs in with this address."""
    return User.objects.filter(username__iexact=address).exclude(pk=by_others_than.pk).exists()


@transaction.atomic
def withdraw(grant: Grant) -> None:
    """Remove a role. Raises ``ValidationError`` where nobody would be left to manage users there."""
    if grant.role in roles_that_may(Verb.MANAGE_USERS):
        _check_managed(grant.organisation, _managing().exclude(pk=grant.pk))
    grant.delete()


@transaction.atomic
def lock(user: User, by: User) -> None:
    """End every session at once. Raises ``ValidationError`` for oneself, and for the last user manager."""
    _check_dispensable(user, by)
    user.is_active = False
    user.save(update_fields=["is_active"])


def unlock(user: User) -> None:
    """Unlock the user, with the previous roles and password."""
    user.is_active = True
    user.save(update_fields=["is_active"])


@transaction.atomic
def deactivate(user: User, by: User) -> None:
    """Remove sessions, roles and password of a user who has left; the name stays in the records."""
    _check_dispensable(user, by)
    for grant in user.grants.all():
        grant.delete()
    user.is_active, user.deactivated_at = False, timezone.now()
    user.set_unusable_password()
    user.save(update_fields=["is_active", "deactivated_at", "password"])


def reactivate(user: User) -> None:
    """Reactivate a user, without a role, and with a password to be set."""
    user.is_active, user.deactivated_at = True, None
    user.save(update_fields=["is_active", "deactivated_at"])


def _managing() -> QuerySet[Grant]:
    return Grant.objects.filter(
        role__in=roles_that_may(Verb.MANAGE_USERS), user__is_active=True, user__deactivated_at=None
    )


def _check_dispensable(user: User, by: User) -> None:
    if user == by:
        raise ValidationError(_("You cannot lock yourself out."), code="self")
    for grant in _managing().filter(user=user).select_related("organisation"):
        _check_managed(grant.organisation, _managing().exclude(user=user))


def _check_managed(organisation: Organisation, left: QuerySet[Grant]) -> None:
    # One at a time: two administrators must not remove each other's role at the same moment.
    list(Organisation.objects.select_for_update().filter(pk__in=organisation.line).order_by("pk"))
    if not left.filter(organisation__in=organisation.line).exists():
        words = _("Nobody would be left who manages users of %(organisation)s.")
        raise ValidationError(words, code="last", params={"organisation": organisation})
