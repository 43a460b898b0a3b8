"""Users by their name, sign-in name or organisation."""

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cloud.base.lists import containing
from cloud.base.search import Hit, Subject
from cloud.organisations import accounts
from cloud.organisations.models import User
from cloud.organisations.roles import Verb


def named(words: str) -> Q:
    """Return the condition that every word is part of a user's name, sign-in name or organisation."""
    return containing(words, "first_name", "last_name", "username", "organisation__name")


def _find(manager: User, words: str) -> QuerySet[User]:
    return accounts.visible_accounts(manager).filter(named(words))


def _hit(user: User) -> Hit:
    details = [user.username, str(user.organisation)]
    if user.deactivated_at:
        details.append(str(_("Has left")))
    return Hit(str(user), details, reverse("organisations:user", args=[user.pk]))


USERS = Subject("users", _("Users"), 50, Verb.MANAGE_USERS, _find, _hit, "organisations:users")
