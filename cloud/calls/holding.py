"""Which calls an open page holds, and that it holds them still: a browser that has died says nothing more."""

from datetime import timedelta

from django.utils import timezone

from cloud.calls.models import Call, PersonalLink

# A page says so every 2 s: four times unheard, and it counts as dead.
PATIENCE = timedelta(seconds=8)


def own(link: PersonalLink, page: str, ids: list[str] | None) -> list[str]:
    """Those of these calls, or of all, that this page of this contact holds, and that are not over."""
    mine = Call.objects.filter(contact=link.contact_id, page=page).exclude(state=Call.State.ENDED)
    if ids is not None:
        mine = mine.filter(pk__in=ids)
    return list(mine.values_list("pk", flat=True))


def renew(link: PersonalLink, page: str, ids: list[str] | None) -> list[str]:
    """The page lives; those of its calls that are not over."""
    on = own(link, page, ids)
    Call.objects.filter(pk__in=on).update(heard_at=timezone.now())
    return on
