"""The interface to the calls app for authenticating relatives."""

from typing import Protocol

from django.http import HttpRequest
from django.urls import reverse

from cloud.people.models import Contact
from cloud.queue.models import Queue, Visit


class Callers(Protocol):
    """The queue app's interface to the calls app."""

    def contact_of(self, request: HttpRequest, /) -> Contact | None:
        """Return the contact authenticated by a valid link, or None."""


_callers: list[Callers] = []


def connect(callers: Callers) -> None:
    """Set the interface; done once, by the desk app."""
    _callers[:] = [callers]


def contact_of(request: HttpRequest) -> Contact | None:
    """Return the relative of this request, or None."""
    return _callers[0].contact_of(request) if _callers else None


def on_call_page(contact: Contact) -> dict[str, object]:
    """Return the call page's context: a link, where there is a queue."""
    is_served = Queue.serving(contact.organisation).exists()
    return {"service": reverse("caller-queue:page") if is_served else ""}


def contact_changed(*, contact: Contact, **_signal: object) -> None:
    """Delete the messages of an anonymised contact (V17)."""
    if contact.anonymised_at:
        Visit.objects.filter(contact=contact).delete()
