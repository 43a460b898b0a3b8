"""Notifies people of help requests: by e-mail, and the partner by a signed webhook."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from cloud.delivery.outbox import Address, Letter
from cloud.help import letters, webhook
from cloud.help.errors import Undeliverable
from cloud.help.models import HelpRequest, HelpStep, Partner

# Reasons that the board translates.
NO_ADDRESS, NO_PARTNER, NOT_REGISTERED, UNKNOWN = "no-address", "no-partner", "not-registered", "unknown"


@dataclass(frozen=True)
class Recipient:
    """A recipient with the phone number at which they can be reached now."""

    name: str
    phone: str


@dataclass(frozen=True)
class Message:
    """The content of a notification of one request."""

    request: HelpRequest
    step: HelpStep
    contacts: Sequence[Recipient]
    zone: ZoneInfo
    language: str
    is_monitored: bool
    email: str = ""
    partner: Partner | None = None
    is_registered: bool = True


@dataclass(frozen=True)
class OtherWay:
    """A delivery channel for partners from another domain; ``deliver`` raises ``Undeliverable``."""

    name: Literal["scaip"]
    serves: Callable[[Partner], bool]
    deliver: Callable[[Message], HelpStep.Outcome]


_other_ways: dict[str, OtherWay] = {}


def register(way: OtherWay) -> None:
    """Register a channel; it is tried before webhook and e-mail."""
    _other_ways[way.name] = way


def other_ways(partner: Partner) -> list[OtherWay]:
    """Return the registered channels of this partner."""
    return [way for way in _other_ways.values() if way.serves(partner)]


def deliver(message: Message) -> HelpStep.Outcome:
    """Send the message over its step's channel. Raises ``Undeliverable`` with the reason."""
    match message.step.way:
        case "email":
            return letters.send(message.step, letter_of(message))
        case "webhook" if message.partner:
            if not message.partner.webhook_secret:
                raise Undeliverable("the secret of the signature cannot be read: please enter it once more")
            webhook.post(message.partner.webhook_url, message.partner.webhook_secret, _alarm(message))
            return HelpStep.Outcome.DELIVERED
        case other if other in _other_ways and message.partner:
            return _other_ways[other].deliver(message)
    if message.step.kind != HelpStep.Kind.PARTNER:
        raise Undeliverable(NO_ADDRESS)
    raise Undeliverable(NO_PARTNER if message.is_registered else NOT_REGISTERED)


def letter_of(message: Message) -> Letter:
    """Return the e-mail to the recipient of the message's step."""
    with translation.override(message.language):
        subject, body = _subject(message), _body(message)
    step = message.step
    return Letter(
        key=f"{letters.keys_of(step)}{step.key}",
        about=letters.ABOUT,
        who=step.who,
        subject=subject,
        body=body,
        addresses=[Address("email", message.email)],
        resident=message.request.resident,
        is_urgent=True,
    )


def _subject(message: Message) -> str:
    return _("%(resident)s needs help") % {"resident": _resident(message)}


def _body(message: Message) -> str:
    values = {
        "resident": _resident(message),
        "at": localtime(message.request.waits_since, message.zone).strftime("%H:%M:%S"),
        "organisation": message.request.organisation,
    }
    lines = [
        _("%(resident)s has asked for help at %(at)s.") % values,
        _("Nobody has answered yet at the care desk of %(organisation)s.") % values,
        _("Please go there or call, and tell the care desk that you do."),
    ]
    if message.partner and message.contacts:
        lines += ["", _("These people can be reached now:")]
        lines += [f"{contact.name}: {contact.phone}" for contact in message.contacts]
    return "\n".join(lines) + "\n"


def _resident(message: Message) -> str:
    resident = message.request.resident
    return str(resident) if resident else _("Device %(id)s") % {"id": message.request.device_id}


def _alarm(message: Message) -> dict[str, object]:
    request = message.request
    resident = request.resident
    return {
        "type": "help-unanswered",
        "id": f"{request.help_id}/{message.step.key}",
        "request": request.help_id,
        "round": message.step.round,
        "source": request.source,
        "raised_at": request.waits_since.isoformat(),
        "received_at": request.received_at.isoformat(),
        "organisation": str(request.organisation),
        "device": request.device_id,
        "resident": {
            "first_name": resident.first_name if resident else "",
            "last_name": resident.last_name if resident else "",
            "language": message.language,
            "time_zone": str(message.zone),
            "monitored": message.is_monitored,
        },
        "contacts": [{"name": contact.name, "phone": contact.phone} for contact in message.contacts],
    }
