"""Heartbeats of pages with open calls, to detect browsers that have crashed."""

from datetime import timedelta

from django.utils import timezone

from cloud.calls.models import Call, PersonalLink

# A page sends one every 2 s: it counts as dead after four missing ones.
PATIENCE = timedelta(seconds=8)


def own(link: PersonalLink, page: str, ids: list[str] | None) -> list[str]:
    """Return the open calls of this contact's page, all or those with these ids."""
    mine = Call.objects.filter(contact=link.contact_id, page=page).exclude(state=Call.State.ENDED)
    if ids is not None:
        mine = mine.filter(pk__in=ids)
    return list(mine.values_list("pk", flat=True))


def renew(link: PersonalLink, page: str, ids: list[str] | None) -> list[str]:
    """Record a heartbeat; return the page's calls that are not over."""
    on = own(link, page, ids)
    Call.objects.filter(pk__in=on).update(heard_at=timezone.now())
    return on
