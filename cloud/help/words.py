"""The text of a request's steps for nurses."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cloud.help.delivery import NO_ADDRESS, NO_PARTNER, NOT_REGISTERED, UNKNOWN
from cloud.help.models import HelpStep

RAISED = {
    "screen": _("Pressed on the screen."),
    "button": _("Pressed: the button on the wall."),
    "pendant": _("Pressed: the pendant."),
    "": _("Pressed."),
}
PRESSED_AGAIN = _("Pressed again.")
PLAIN = {
    "received": _("The desk has received it; it rings on every open page."),
    "taken": _("%(who)s goes."),
    "taken/sms": _(
        "%(who)s goes: answered the device's text message. Please ring back and take it: "
        "otherwise it rings again after 15 minutes."
    ),
    "taken/call": _("%(who)s answers the call."),
    "closed/call": _("%(who)s has talked with the resident."),
    "arrived": _("%(who)s has arrived."),
    "given-back": _("%(who)s cannot go after all."),
    "given-back/sms": _("Nobody has confirmed that %(who)s is there: the request waits again."),
    "closed": _("%(who)s has closed it."),
    "reopened": _("%(who)s has opened it again, and goes."),
    "door": _("%(who)s was shown the door code and where the key is."),
}
NOTIFIED = {
    ("email", "trying"): _("%(who)s is being notified by e-mail."),
    ("email", "sent"): _("%(who)s was notified by e-mail."),
    ("email", "failed"): _("%(who)s could not be notified by e-mail: %(reason)s"),
    ("none", "failed"): _("%(who)s could not be notified: %(reason)s"),
    ("sms", "sent"): _("%(who)s was sent a text message by the device."),
    ("sms", "delivered"): _("%(who)s has the device's text message."),
    ("sms", "failed"): _("%(who)s could not be sent a text message by the device."),
    ("scaip", "trying"): _("The alarm centre of %(who)s is being notified."),
    ("scaip", "delivered"): _("The alarm centre of %(who)s has confirmed the alarm."),
    ("scaip", "failed"): _("The alarm centre of %(who)s has not confirmed the alarm: %(reason)s"),
    ("webhook", "trying"): _("The partner %(who)s is being notified."),
    ("webhook", "delivered"): _("The partner %(who)s has the alarm."),
    ("webhook", "failed"): _("The partner %(who)s could not be notified: %(reason)s"),
}
REASONS = {
    NO_ADDRESS: _("no e-mail address is known"),
    NO_PARTNER: _("no monitoring partner is set"),
    NOT_REGISTERED: _("the monitoring partner has not confirmed this resident"),
    UNKNOWN: _("the desk stopped while it was sent; it may have gone out"),
}
PARTNER = _("The partner")
# Events of a device, for its page.
EVENT_WORDS = {
    "help-raised": _("The resident asked for help."),
    "help-pressed-again": _("The resident pressed for help again."),
    "help-sent-by-sms": _("The device wrote a text message to %(name)s."),
    "help-sent-by-sms-failed": _("The device could not write a text message to %(name)s."),
    "help-taken-by-sms": _("%(name)s answered the device's text message and goes."),
    "urgent-call-requested": _("The resident asks for a call."),
}


def in_words(step: HelpStep) -> str:
    """Return one sentence, with the phone number of a notified recipient."""
    if step.kind == HelpStep.Kind.RAISED and step.way:
        return str(PRESSED_AGAIN)
    if step.kind == HelpStep.Kind.RAISED:
        return str(RAISED.get(step.request.source, RAISED[""]))
    if step.kind in (HelpStep.Kind.NOTIFIED, HelpStep.Kind.PARTNER):
        return _notified(step)
    pattern = PLAIN.get(f"{step.kind}/{step.way}", PLAIN.get(step.kind, step.kind))
    return str(pattern) % {"who": step.who}


def is_bad(step: HelpStep) -> bool:
    """Return whether the step failed."""
    return step.outcome == HelpStep.Outcome.FAILED


def _notified(step: HelpStep) -> str:
    # A step without a channel is never in progress for long.
    pattern = NOTIFIED.get((step.way, step.outcome), NOTIFIED["none", "failed"])
    values = {"who": step.who or PARTNER, "reason": REASONS.get(step.reason, step.reason)}
    words = str(pattern) % values
    if not step.phone:
        return words
    return f"{words} · " + gettext("Number now: %(number)s") % {"number": step.phone}
