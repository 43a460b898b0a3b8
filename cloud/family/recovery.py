"""Recovery of lost links by e-mail; responses never reveal whether an address is known."""

from datetime import datetime, timedelta

from django.utils import timezone

from cloud.calls import links
from cloud.family import letters
from cloud.family.models import LinkRequest

WINDOW = timedelta(hours=1)
MOST_FOR_ONE_ADDRESS = 3
MOST_FROM_ONE_PLACE = 10
MOST_IN_WINDOW = 1000
KEPT = timedelta(days=1)


def ask(email: str, language: str, sent_from: str) -> None:
    """Queue the request, unless there were too many: the response is the same in any case."""
    recent = LinkRequest.objects.filter(made_at__gt=timezone.now() - WINDOW)
    is_too_much = (
        recent.filter(email__iexact=email).count() >= MOST_FOR_ONE_ADDRESS
        or recent.filter(sent_from=sent_from).count() >= MOST_FROM_ONE_PLACE
        or recent.count() >= MOST_IN_WINDOW
    )
    if not is_too_much:
        LinkRequest.objects.create(
            email=email, language=language, sent_from=sent_from, made_at=timezone.now()
        )


def answer_due() -> None:
    """Send links to every contact with a requested address; each request once."""
    for request in LinkRequest.objects.filter(is_done=False).order_by("pk")[:50]:
        if not LinkRequest.objects.filter(pk=request.pk, is_done=False).update(is_done=True):
            continue
        found = links.given().filter(contact__email__iexact=request.email).order_by("contact", "-made_at")
        known: set[int] = set()
        for link in found:
            if link.contact_id not in known:
                known.add(link.contact_id)
                letters.link_again(link, f"lost/{request.pk}/{link.contact_id}", request.language)


def forget(now: datetime) -> None:
    """Delete requests for a lost link that are older than their lifetime."""
    LinkRequest.objects.filter(made_at__lt=now - KEPT).delete()
