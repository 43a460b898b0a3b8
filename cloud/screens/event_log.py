"""The event log of a device in words; domains register their events in ``AppConfig.ready``."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cloud.devices.models import Device, DeviceEvent, RejectedInput

MOST = 12
_words: dict[str, object] = {
    "self-tested": _("The device has tested itself: all is well."),
    "self-tested-failed": _("The device has tested itself and found a fault."),
    "started": _("The device started, program version %(version)s."),
    "screen-frozen": _("The screen froze and is being restarted."),
    "screen-lost": _("The screen's program stopped and is being restarted."),
    "screen-restored": _("The screen works again after %(seconds)s seconds."),
    "input-rejected": _("The device could not use something (%(where)s): %(reason)s"),
    "remote-view-started": _("%(by)s began to look at the screen."),
    "remote-view-ended": _("%(by)s no longer looks at the screen."),
}
# Texts of the contract's reasons.
_reasons: dict[str, object] = {}
BAD = ("screen-frozen", "screen-lost", "input-rejected", "help-sent-by-sms-failed", "self-tested-failed")


def register(words: Mapping[str, object], reasons: Mapping[str, object] | None = None) -> None:
    """Register sentences by event kind, with ``-failed`` for failures; and texts of reasons."""
    _words.update(words)
    _reasons.update(reasons or {})


class Line(NamedTuple):
    """An event in words, and when the desk received it."""

    at: datetime
    words: str
    is_bad: bool


def event_log(device: Device) -> list[Line]:
    """Return the latest events of a device and its invalid input, newest first."""
    lines = [_event(event) for event in device.events.all()[:MOST]]
    lines += [_rejected(rejected) for rejected in device.rejected_inputs.order_by("-received_at")[:MOST]]
    return sorted(lines, key=lambda line: line.at, reverse=True)[:MOST]


def _event(event: DeviceEvent) -> Line:
    body = event.body.get("what", event.body)
    values = {name: body.get(name, "?") for name in ("version", "by", "reason", "name")}
    values["where"] = " ".join(part for part in (body.get("source"), body.get("path")) if part)
    values["seconds"] = round(float(body.get("silent_s", 0)))
    why = str(body.get("why", "?")).replace("desk", "caller")
    values["why"] = str(_reasons.get(why, why))
    kind = _kind(event.kind, body)
    words = str(_words.get(kind, kind.replace("%", "%%"))) % values
    return Line(event.received_at, words, kind in BAD)


def _kind(kind: str, body: dict[str, object]) -> str:
    """Return the event's kind, with ``-failed`` for failures."""
    if kind == "screen-lost" and body.get("reason") == "frozen":
        return "screen-frozen"
    has_failed = body.get("outcome") == "failed" or body.get("passed") is False
    return f"{kind}-failed" if has_failed and f"{kind}-failed" in _words else kind


def _rejected(rejected: RejectedInput) -> Line:
    words = gettext("The desk could not use something that the device sent (%(where)s): %(reason)s")
    return Line(rejected.received_at, words % {"where": rejected.channel, "reason": rejected.reason}, True)
