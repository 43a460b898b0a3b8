"""Safe words: encrypted with a key outside the database, shown only during an open alarm (S6)."""

import json
from contextlib import suppress
from functools import partial
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from cloud.base.seal import Unreadable, seal, unseal
from cloud.help import board
from cloud.help.models import HelpRequest
from cloud.organisations.models import User
from cloud.partner import duress
from cloud.partner.models import DuressAlarm, OperatorStep, SafeWords
from cloud.people.models import Resident

Kind = OperatorStep.Kind


class WordPair(NamedTuple):
    """The word for "all is well", and the one for duress."""

    well: str
    duress: str


def keep(resident: Resident, words: WordPair) -> None:
    """Encrypt and store the words."""
    sealed = seal(json.dumps(words))
    SafeWords.objects.update_or_create(resident=resident, defaults={"sealed": sealed})


def has_words(resident: Resident | None) -> bool:
    """Return whether words are stored."""
    return getattr(resident, "safe_words", None) is not None


@transaction.atomic
def reveal(request: HelpRequest, user: User) -> WordPair | None:
    """Return the words of the resident of an open alarm, after logging the access."""
    if request.closed_at or request.resident is None:
        return None
    row = SafeWords.objects.filter(resident=request.resident).first()
    if row is None:
        return None
    note(request, Kind.REVEALED, user)
    try:
        well, under_duress = json.loads(unseal(row.sealed))
    except ValueError as error:
        raise Unreadable from error
    return WordPair(well, under_duress)


@transaction.atomic
def confirm_duress(request: HelpRequest, user: User) -> None:
    """Raise the silent alarm first; then the screen shows "closed" as always.

    Somebody may have answered or closed the request meanwhile: the alarm is raised all the same.
    """
    note(request, Kind.DURESS, user)
    alarm, is_new = DuressAlarm.objects.get_or_create(
        request=request, defaults={"raised_by": user, "raised_at": timezone.now()}
    )
    if is_new:
        duress.tell(alarm)
    for step in (board.take, partial(board.close, outcome=HelpRequest.Outcome.HELPED)):
        with suppress(board.TooLate), transaction.atomic():
            step(request.pk, user)


def note(request: HelpRequest, kind: OperatorStep.Kind, user: User, words: str = "") -> None:
    """Record an operator's action and its time, and the words of a note."""
    OperatorStep.objects.create(request=request, kind=kind, by=user, at=timezone.now(), words=words)
