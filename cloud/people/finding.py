"""Residents by their name, room, address or telephone."""

from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cloud.base.lists import containing
from cloud.base.search import Hit, Subject
from cloud.organisations.models import User
from cloud.organisations.roles import Verb
from cloud.people.models import Resident, ResidentHome


def named(words: str) -> Q:
    """Return the condition that every word is part of a resident's name or home."""
    return containing(words, "first_name", "last_name", "home__room", "home__address", "home__phone")


def _find(user: User, words: str) -> QuerySet[Resident]:
    rows = Resident.objects.visible_to(user).filter(named(words), anonymised_at=None)
    present_first = F("archived_at").asc(nulls_first=True)
    return rows.select_related("organisation", "home").order_by(
        present_first, "last_name", "first_name", "pk"
    )


def _hit(resident: Resident) -> Hit:
    details = [str(resident.organisation), ResidentHome.of(resident).place]
    if resident.archived_at:
        details.append(str(_("in the archive")))
    return Hit(str(resident), details, reverse("people:resident", args=[resident.pk]))


RESIDENTS = Subject("residents", _("Residents"), 10, Verb.SEE_RESIDENTS, _find, _hit, "people:residents")
