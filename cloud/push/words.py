"""What stands on a phone that rings, and in the message where none has rung."""

from typing import Any

from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from cloud.base.templatetags.desk import initials
from cloud.calls.models import Call
from cloud.help.models import HelpRequest
from cloud.push.models import PushSettings
from cloud.screens.zone import zone_of

# Who has answered instead, or that it was no call in vain.
_ANSWERED = frozenset({"elsewhere", "taken"})


def ringing(call: Call) -> dict[str, Any]:
    """The notification of a call that rings now."""
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
    """What takes its place once nothing rings any more."""
    at = localtime(call.offered_at, zone_of(call.resident)).strftime("%H:%M")
    name, letters = _who(call)
    if call.answered_at or call.why in _ANSWERED:
        title = _("Somebody else has answered.") if call.why in _ANSWERED else _("The call was answered.")
    else:
        title = _("%(name)s has called you at %(at)s") % {"name": name, "at": at}
    return {"title": title, "body": "Kotiruutu", "initials": letters, "open": reverse("caller:page")}


def help_wanted(request: HelpRequest) -> dict[str, Any]:
    """A call for help on the board of the one who is on duty."""
    settings_ = PushSettings.of(request.organisation)
    name = str(request.resident) if settings_.names_shown and request.resident else _("A resident")
    return {
        "title": _("%(name)s asks for help") % {"name": name},
        "body": _("Kotiruutu · tap to open the board"),
        "initials": "",
        "open": reverse("help:board"),
    }


def letter(call: Call, link: str) -> tuple[str, str]:
    """Subject and text; the name is in it, as in the e-mail of a missed call."""
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
    """Name and initials; neither where the organisation keeps names off locked phones."""
    if PushSettings.of(call.organisation).names_shown:
        return str(call.resident), initials(call.resident)
    return _("Somebody"), ""
