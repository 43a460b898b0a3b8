"""What devices report, in a nurse's words."""

from datetime import datetime
from typing import NamedTuple

from django.utils.translation import gettext as _

from cloud.devices.models import Device, DeviceEvent, RejectedInput

MOST = 12


class Line(NamedTuple):
    """Something that happened, and when the desk heard of it."""

    at: datetime
    words: str
    is_bad: bool


def happenings(device: Device) -> list[Line]:
    """The latest events of a device and what it sent that could not be used, newest first."""
    lines = [_event(event) for event in device.events.all()[:MOST]]
    lines += [_rejected(rejected) for rejected in device.rejected_inputs.order_by("-received_at")[:MOST]]
    return sorted(lines, key=lambda line: line.at, reverse=True)[:MOST]


def _event(event: DeviceEvent) -> Line:
    body = event.body.get("what", event.body)
    match event.kind:
        case "help-raised":
            return Line(event.received_at, _("The resident asked for help."), False)
        case "call-back-wished":
            return Line(event.received_at, _("The resident wishes a call."), False)
        case "started":
            words = _("The device started, program version %(version)s.")
            return Line(event.received_at, words % {"version": body.get("version", "?")}, False)
        case "screen-lost" if body.get("reason") == "frozen":
            return Line(event.received_at, _("The screen froze and is being restarted."), True)
        case "screen-lost":
            return Line(event.received_at, _("The screen's program stopped and is being restarted."), True)
        case "screen-restored":
            seconds = round(float(body.get("silent_s", 0)))
            words = _("The screen works again after %(seconds)s seconds.") % {"seconds": seconds}
            return Line(event.received_at, words, False)
        case "input-rejected":
            where = " ".join(part for part in (body.get("source"), body.get("path")) if part)
            words = _("The device could not use something (%(where)s): %(reason)s")
            return Line(event.received_at, words % {"where": where, "reason": body.get("reason", "")}, True)
        case "look-started":
            words = _("%(name)s began to look at the screen.") % {"name": body.get("by", "?")}
            return Line(event.received_at, words, False)
        case "look-ended":
            words = _("%(name)s no longer looks at the screen.") % {"name": body.get("by", "?")}
            return Line(event.received_at, words, False)
    return Line(event.received_at, event.kind, False)


def _rejected(rejected: RejectedInput) -> Line:
    words = _("The desk could not use something that the device sent (%(where)s): %(reason)s")
    return Line(rejected.received_at, words % {"where": rejected.channel, "reason": rejected.reason}, True)
