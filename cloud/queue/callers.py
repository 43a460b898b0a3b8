"""Relatives come to customer service from their call page; who they are, a domain beside this one knows."""

from typing import Protocol

from django.http import HttpRequest
from django.urls import reverse

from cloud.people.models import Contact
from cloud.queue.models import Queue, Visit


class Callers(Protocol):
    """What the calls offer: who came in by a personal link."""

    def contact_of(self, request: HttpRequest, /) -> Contact | None:
        """The contact whose key is in this browser, while it opens the door."""


_callers: list[Callers] = []


def connect(callers: Callers) -> None:
    """Says who knows them; done once, by the desk."""
    _callers[:] = [callers]


def contact_of(request: HttpRequest) -> Contact | None:
    """The relative of this browser."""
    return _callers[0].contact_of(request) if _callers else None


def on_call_page(contact: Contact) -> dict[str, object]:
    """The way from the call page, where there is a queue to come to."""
    is_served = Queue.serving(contact.organisation).exists()
    return {"service": reverse("caller-queue:page") if is_served else ""}


def contact_changed(*, contact: Contact, **_signal: object) -> None:
    """What somebody wrote goes with them (V17)."""
    if contact.anonymised_at:
        Visit.objects.filter(contact=contact).delete()
