"""A forgotten password: every request gets the same answer, and links are sent on a timer (V7).

Neither the words nor the time of the answer say whether the desk knows an address.
"""

import logging
from datetime import timedelta
from threading import Event

from django.db import transaction
from django.utils import timezone

from cloud.base import due_work
from cloud.organisations.invitations import send_link
from cloud.organisations.models import PasswordRequest, User

log = logging.getLogger(__name__)

POLL_S = 2.0
WINDOW = timedelta(hours=1)
MOST_FOR_ONE_ADDRESS = 3
MOST_FROM_ONE_PLACE = 10
MOST_IN_WINDOW = 500
MOST_IN_ONE_TURN = 20


def ask(email: str, sent_from: str | None) -> None:
    """Note the request, unless there were too many; the answer is the same in any case."""
    now = timezone.now()
    PasswordRequest.objects.filter(made_at__lt=now - WINDOW).delete()
    recent = PasswordRequest.objects.all()
    is_too_much = (
        recent.filter(email__iexact=email).count() >= MOST_FOR_ONE_ADDRESS
        or recent.filter(sent_from=sent_from).count() >= MOST_FROM_ONE_PLACE
        or recent.count() >= MOST_IN_WINDOW
    )
    if not is_too_much:
        PasswordRequest.objects.create(email=email, sent_from=sent_from, made_at=now)


def answer_due() -> None:
    """Send a link to each account that works and has the address; each request is answered once."""
    for request in PasswordRequest.objects.filter(is_done=False).order_by("pk")[:MOST_IN_ONE_TURN]:
        if not PasswordRequest.objects.filter(pk=request.pk, is_done=False).update(is_done=True):
            continue
        for user in User.objects.filter(email__iexact=request.email, is_active=True, deactivated_at=None):
            with transaction.atomic():
                if send_link(user, by_owner=True):
                    log.warning(
                        "Without a mail server nobody gets a link: user %s has forgotten theirs", user.pk
                    )


class ForgottenWatch:
    """Answers requests; several may run."""

    def run(self, stopping: Event) -> None:
        """Run until ``stopping`` is set."""
        due_work.repeat(stopping, POLL_S, answer_due)
