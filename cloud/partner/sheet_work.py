"""Applies large spreadsheets in short transactions, and completes those that another process left unfinished.

Between two batches calls for help are written. Each resident has the old contacts or the new ones.
"""

import logging
from datetime import timedelta
from threading import Event

from django.db import OperationalError
from django.utils import timezone

from cloud.audit.actor import Actor, acting
from cloud.base import due_work
from cloud.organisations.roles import Verb
from cloud.partner import contact_import, sheet
from cloud.partner.contact_import import Plan
from cloud.partner.models import ContactSheet

log = logging.getLogger(__name__)

POLL_S = 30.0
# Longer than a batch takes: the process that worked on it has died.
LEFT_AFTER = timedelta(minutes=2)


def run(stopping: Event) -> None:
    """Complete what was left unfinished, until ``stopping`` is set; several may run."""
    due_work.repeat(stopping, POLL_S, finish_all)


def carry_out(kept: ContactSheet, made: Plan) -> bool:
    """Apply the whole plan; return False where the database was too busy, and ``finish_all`` completes it.

    Raises ``OperationalError`` where not even that could be written down.
    """
    sheets = ContactSheet.objects.filter(pk=kept.pk)
    sheets.update(worked_at=timezone.now())
    try:
        for at in range(0, len(made.changes), contact_import.BATCH):
            contact_import.apply_batch(made.changes[at : at + contact_import.BATCH])
            sheets.update(worked_at=timezone.now())
        sheets.delete()
    except OperationalError as error:
        log.warning("A spreadsheet is completed later: %s", error)
        return False
    return True


def finish_all() -> None:
    """Apply what is left of the sheets on which nobody works any more, in their users' names."""
    before = timezone.now() - LEFT_AFTER
    for kept in ContactSheet.objects.filter(worked_at__lt=before).select_related("user"):
        # Of two who find it, one completes it.
        left = ContactSheet.objects.filter(pk=kept.pk, worked_at=kept.worked_at)
        if left.update(worked_at=timezone.now()):
            _finish(kept)


def _finish(kept: ContactSheet) -> None:
    user = kept.user
    made = contact_import.plan(user.acting(Verb.EDIT_CARE), sheet.read(bytes(kept.data)))
    if made.errors:
        # Since then a resident has moved away, or the user may change them no more.
        log.warning("The rest of a spreadsheet cannot be applied: %s", made.errors[:3])
        kept.delete()
        return
    with acting(lambda: Actor("desk", user.pk)):
        carry_out(kept, made)
