"""The loop that rings phones, and writes where none rings; a restart loses nothing."""

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event

from django.db import transaction
from django.utils import timezone

from cloud.base import due_work
from cloud.calls import presence, ways
from cloud.calls.ending import nobody_left
from cloud.calls.models import Call, Invitee, PersonalLink
from cloud.push import letters
from cloud.push.models import Phone, PushMessage
from cloud.push.ringing import WORK
from cloud.push.sending import Sender
from cloud.push.steps import Attempt, PhonesState, next_step

# A new message wakes the loop.
POLL_S = 1.0
KEPT = timedelta(days=1)
FORGETS_EACH = timedelta(minutes=10)


class PushWatch:
    """Checks when a phone shall ring, and each second. Several may run: each message is claimed."""

    def __init__(self, clock: Callable[[], datetime] = timezone.now) -> None:
        self._clock = clock
        self._sender = Sender()
        self._forgets_at = clock()

    def run(self, stopping: Event) -> None:
        """Run until ``stopping`` is set."""
        due_work.repeat(stopping, POLL_S, self.turn, woken_for=WORK)
        self._sender.close()

    def turn(self) -> None:
        """Send due messages, and check sent ones."""
        now = self._clock()
        self._sender.send_due(now)
        look(now)
        # Nothing is written to the database while nothing rings.
        if now >= self._forgets_at:
            self._forgets_at = now + FORGETS_EACH
            forget(now)


def look(now: datetime) -> None:
    """Check every contact whose phone is being rung: ringing, time to write, or to give up."""
    waiting = Invitee.objects.filter(
        outcome=Invitee.Outcome.RINGING,
        way__in=(Invitee.Way.TRYING, Invitee.Way.WRITTEN),
        call__state=Call.State.RINGING,
    )
    for invitee in waiting.select_related("call__resident", "call__organisation", "call__device", "contact"):
        with transaction.atomic():
            if presence.is_here(invitee.contact):
                ways.found(invitee, Invitee.Way.PAGE)
            elif invitee.way == Invitee.Way.TRYING:
                _go_on(invitee, now)


def forget(now: datetime) -> None:
    """Delete old messages, and phones whose link was revoked."""
    PushMessage.objects.filter(made_at__lt=now - KEPT).delete()
    Phone.objects.filter(link__in=PersonalLink.objects.exclude(revoked_at=None)).delete()


def _go_on(invitee: Invitee, now: datetime) -> None:
    mail = letters.state(invitee.call, invitee.contact)
    if mail is None:
        ways.found(invitee, Invitee.Way.WRITTEN)
        return
    match next_step(Attempt(now - invitee.call.offered_at, _phones(invitee), mail)):
        case "write":
            letters.write(invitee.call, invitee.contact)
        case "give-up" if invitee.call.kind == Call.Kind.RESIDENT:
            still = Invitee.objects.filter(
                pk=invitee.pk, outcome=Invitee.Outcome.RINGING, way=Invitee.Way.TRYING
            )
            if still.update(outcome=Invitee.Outcome.NOT_REACHABLE, way=""):
                nobody_left(invitee.call_id)


def _phones(invitee: Invitee) -> PhonesState:
    rings = PushMessage.objects.filter(call=invitee.call, contact=invitee.contact, kind=PushMessage.Kind.RING)
    states = set(rings.values_list("state", flat=True))
    if not states:
        return "none"
    return "failed" if states == {PushMessage.State.FAILED} else "trying"
