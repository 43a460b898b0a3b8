"""Texts of push notifications, and of the message where no phone has rung."""

from typing import Any

from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from cloud.base.templatetags.desk import initials
from cloud.calls.models import Call
from cloud.help.models import HelpRequest
from cloud.push.models import PushSettings
from cloud.screens.zone import zone_of

# Somebody else has answered, or the call was not missed.
_ANSWERED = frozenset({"elsewhere", "taken"})


def ringing(call: Call) -> dict[str, Any]:
    """Return the notification of a ringing call."""
    is_urgent = call.kind == Call.Kind.URGENT
    name, letters = _who(call)
    asks = _("%(name)s asks for an urgent call") if is_urgent else _("%(name)s calls you")
    return {
        "title": asks % {"name": name},
        "body": _("Kotiruutu · tap to answer"),
        "initials": letters,
        "answer": _("Answer"),
        "refuse": _("Not now"),
        "open": f"{reverse('caller:page')}?answer={call.pk}",
    }


def over(call: Call) -> dict[str, Any]:
    """Return the notification that replaces it when the ringing ends."""
    at = localtime(call.offered_at, zone_of(call.resident)).strftime("%H:%M")
    name, letters = _who(call)
    if call.answered_at or call.why in _ANSWERED:
        title = _("Somebody else has answered.") if call.why in _ANSWERED else _("The call was answered.")
    else:
        title = _("%(name)s has called you at %(at)s") % {"name": name, "at": at}
    return {"title": title, "body": "Kotiruutu", "initials": letters, "open": reverse("caller:page")}


def help_wanted(request: HelpRequest) -> dict[str, Any]:
    """Return the notification of a help request for the staff on duty."""
    settings_ = PushSettings.of(request.organisation)
    name = str(request.resident) if settings_.names_shown and request.resident else _("A resident")
    return {
        "title": _("%(name)s asks for help") % {"name": name},
        "body": _("Kotiruutu · tap to open the board"),
        "initials": "",
        "open": reverse("help:board"),
    }


def letter(call: Call, link: str) -> tuple[str, str]:
    """Return subject and text; with the name, as in the e-mail of a missed call."""
    name = {"name": str(call.resident)}
    lines = [
        _("%(name)s is calling you now, on Kotiruutu.") % name,
        _("Answer here; the link works for ten minutes:"),
        link,
        "",
        _("If it rings no more, you can call back there."),
    ]
    return _("%(name)s calls you") % name, "\n".join(lines) + "\n"


def _who(call: Call) -> tuple[str, str]:
    """Return name and initials; both empty where the organisation hides names on locked phones."""
    if PushSettings.of(call.organisation).names_shown:
        return str(call.resident), initials(call.resident)
    return _("Somebody"), ""
