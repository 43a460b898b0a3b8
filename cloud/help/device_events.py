"""Handles a device's help events, and its reports of the SMS it sent."""

from django.utils import timezone

from cloud.devices.models import Device
from cloud.help import board
from cloud.help.log import note
from cloud.help.models import HelpRequest, HelpStep, MergedRequest
from cloud.notify import live_updates
from device.contract.events import (
    HelpPressedAgain,
    HelpRaised,
    HelpSentBySms,
    HelpTakenBySms,
    UrgentCallRequested,
    WireEvent,
)

SMS, AGAIN = "sms", "again"
EVENTS = (HelpRaised, HelpPressedAgain, UrgentCallRequested, HelpSentBySms, HelpTakenBySms)
# Maximum number of other ids of one request; the newest are kept.
MOST_MERGED = 50


def handle(device: Device, event: WireEvent) -> None:
    """Add a help request or urgent call to the board, once for each id, however often it arrives.

    Called inside the transaction that stores the event.
    """
    match event.what:
        case HelpRaised(help_id=id_, source=source):
            _open(device, event, id_, HelpRequest.Kind.HELP, source)
        case HelpPressedAgain(help_id=id_):
            _press_again(_locked(device, event, id_), event, event.what)
        case UrgentCallRequested(request_id=id_):
            _open(device, event, id_, HelpRequest.Kind.URGENT_CALL, "screen")
        case HelpSentBySms(help_id=id_):
            _notified(_locked(device, event, id_), event, event.what)
        case HelpTakenBySms(help_id=id_, name=name):
            _taken(_locked(device, event, id_), name)


def _open(device: Device, event: WireEvent, id_: str, kind: HelpRequest.Kind, source: str) -> HelpRequest:
    """Return the request of this id; a device has one of each kind: a second press continues it (K21)."""
    if known := _known(device, id_):
        return known
    open_ = HelpRequest.objects.select_for_update(of=("self",)).filter(
        device=device, kind=kind, closed_at=None
    )
    if before := open_.first():
        _merge(before, id_)
        return before
    # Where the device is now: its resident may be moving at this moment.
    device = Device.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=device.pk)
    request = HelpRequest.objects.create(
        device=device,
        help_id=id_,
        kind=kind,
        organisation=device.organisation,
        resident=device.resident,
        source=source,
        raised_at=event.happened_at,
        clock_trusted=event.clock_trusted,
    )
    note(request, HelpStep.Kind.RAISED, at=request.waits_since)
    note(request, HelpStep.Kind.RECEIVED, at=request.received_at)
    _tell_pages(request)
    live_updates.work(live_updates.HELP)
    return request


def _known(device: Device, id_: str) -> HelpRequest | None:
    merged = MergedRequest.objects.select_related("request").filter(device=device, help_id=id_).first()
    return merged.request if merged else HelpRequest.objects.filter(device=device, help_id=id_).first()


def _merge(request: HelpRequest, id_: str) -> None:
    """Record a second press as a step; the device gets updates under this id too."""
    is_full = request.merged.count() >= MOST_MERGED
    if is_full:
        # Updates use the device's newest ids, not the oldest.
        request.merged.order_by("pk")[:1].get().delete()
    MergedRequest.objects.create(request=request, device=request.device, help_id=id_)
    if not is_full:
        note(request, HelpStep.Kind.RAISED, key=f"again/{id_}", way=AGAIN)
    board.repeat_news(request, id_)
    _tell_pages(request)


def _press_again(request: HelpRequest, event: WireEvent, press: HelpPressedAgain) -> None:
    """Record a press as a step of an open request, or as a new request if that one was closed before."""
    if request.closed_at is None:
        if request.steps.filter(way=AGAIN).count() < MOST_MERGED:
            note(request, HelpStep.Kind.RAISED, key=f"again/{press.press_id}", way=AGAIN)
            _tell_pages(request)
        return
    if event.clock_trusted and event.happened_at <= request.closed_at:
        return
    again = _open(request.device, event, press.press_id, HelpRequest.Kind.HELP, press.source)
    again.updates = max(again.updates, request.updates)
    MergedRequest.objects.update_or_create(
        device=request.device, help_id=press.help_id, defaults={"request": again}
    )
    board.send_update(again, "received", "")


def _locked(device: Device, event: WireEvent, id_: str) -> HelpRequest:
    """Lock the device's request, which this event opens if it is the first to arrive."""
    request = _open(device, event, id_, HelpRequest.Kind.HELP, "")
    return HelpRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)


def _notified(request: HelpRequest, event: WireEvent, report: HelpSentBySms) -> None:
    key = f"sms/{event.boot_id}/{event.sequence}"
    note(
        request,
        HelpStep.Kind.NOTIFIED,
        report.name.replace("\0", "\ufffd"),
        key=key,
        way=SMS,
        outcome=HelpStep.Outcome(report.outcome),
    )
    _tell_pages(request)


def _taken(request: HelpRequest, name: str) -> None:
    """Assign the request to the first who answers; later ones are only logged."""
    name = name.replace("\0", "\ufffd")
    note(request, HelpStep.Kind.TAKEN, name, key=f"taken/sms/{name}", way=SMS)
    if not request.taken_at and not request.closed_at:
        request.taken_name, request.taken_at = name, timezone.now()
        request.save(update_fields=["taken_name", "taken_at"])
        if request.updates:
            # The desk's last update may have reached the device after the answer.
            board.send_update(request, "taken", name)
    _tell_pages(request)


def _tell_pages(request: HelpRequest) -> None:
    live_updates.changed(request.organisation, live_updates.HELP)
