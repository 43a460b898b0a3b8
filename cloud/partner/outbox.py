"""Messages for alarm centres, in the database between escalation and SIP process.

The escalation queues a message and waits for its outcome. Each message is settled once: an answer after the
escalation has continued is not taken for a confirmation.
"""

import time
from datetime import timedelta

from django.utils import timezone

from cloud.devices.models import DeviceFault
from cloud.help.delivery import Message
from cloud.help.errors import Undeliverable
from cloud.help.models import HelpStep, Partner
from cloud.partner import scaip
from cloud.partner.exchange import LONGEST_S
from cloud.partner.models import AlarmCentre, AlarmMessage, Registration

State = AlarmMessage.State
# A centre that works answers within the first second.
POLL_S, LATER_POLL_S, SOON_S = 0.05, 0.2, 1.0
# A running SIP process takes a message much sooner.
TAKEN_UP_WITHIN_S = 3.0
# Older messages are not waited for any more.
STALE = timedelta(seconds=LONGEST_S)
KEPT = timedelta(days=30)
RESTARTED = "the alarm process of the desk was restarted before an answer came"
NOT_RUNNING = "the alarm process of the desk does not run"


def serves(partner: Partner) -> bool:
    """Return whether the partner accepts alarms by SCAIP."""
    return AlarmCentre.objects.filter(partner=partner).exists()


def deliver(message: Message) -> HelpStep.Outcome:
    """Send the alarm and wait until the centre has it. Raises ``Undeliverable`` with the reason."""
    centre = AlarmCentre.objects.filter(partner=message.partner).first()
    resident = message.request.resident
    if centre is None or resident is None:
        raise Undeliverable("the device has no resident that the centre would know")
    number = Registration.of(resident).number
    request = scaip.Request(
        ref=scaip.new_ref(),
        controller=number,
        voice=f"sip:{number}@{centre.voice}" if centre.voice else "",
        status=scaip.MANUAL_ALARM,
        device_type=scaip.DEVICE_TYPES.get(message.request.source, scaip.LOCAL_UNIT),
    )
    row = put(centre, request, centre.servers, help_request=message.request.pk)
    state, reason = _wait(row)
    if state != State.RECEIVED:
        raise Undeliverable(reason)
    return HelpStep.Outcome.DELIVERED


def put(
    centre: AlarmCentre,
    request: scaip.Request,
    servers: tuple[str, ...],
    help_request: int | None = None,
    fault: DeviceFault | None = None,
) -> AlarmMessage:
    """Queue a message for the SIP process."""
    return AlarmMessage.objects.create(
        centre=centre,
        request_id=help_request,
        fault=fault,
        ref=request.ref,
        status=request.status,
        body=scaip.build(request),
        servers=list(servers),
        created_at=timezone.now(),
    )


def settle(pk: int, state: AlarmMessage.State, reason: str = "", server: str = "") -> bool:
    """Settle a message; return False where it was settled before."""
    is_open = AlarmMessage.objects.filter(pk=pk, state__in=(State.WAITING, State.SENT))
    changed = is_open.update(
        state=state,
        reason=reason.replace("\0", "\ufffd")[:300],
        server=server,
        settled_at=timezone.now(),
    )
    return changed == 1


def give_up_sent() -> None:
    """Settle what a process that died has sent: its answer would find nobody, and the next way is due."""
    for pk in AlarmMessage.objects.filter(state=State.SENT).values_list("pk", flat=True):
        settle(pk, State.FAILED, RESTARTED)


def forget_old() -> None:
    """Delete messages after thirty days."""
    AlarmMessage.objects.filter(created_at__lt=timezone.now() - KEPT).delete()


def _wait(row: AlarmMessage) -> tuple[str, str]:
    began = time.monotonic()
    while True:
        row.refresh_from_db(fields=["state", "reason"])
        passed = time.monotonic() - began
        if row.state in (State.RECEIVED, State.FAILED):
            return row.state, row.reason
        if row.state == State.WAITING and passed >= TAKEN_UP_WITHIN_S:
            settle(row.pk, State.FAILED, NOT_RUNNING)
        elif passed >= LONGEST_S + 1:
            settle(row.pk, State.FAILED, "no answer")
        else:
            time.sleep(POLL_S if passed < SOON_S else LATER_POLL_S)
