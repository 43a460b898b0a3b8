"""The parts of a device and their usual complaints, in the reader's language."""

from django.utils.translation import gettext_lazy as _

TITLES: dict[str, object] = {
    "battery": _("Battery"),
    "button": _("Help button"),
    "buttons": _("Buttons"),
    "certificate": _("Certificate"),
    "clock": _("Clock"),
    "display": _("Display"),
    "lights": _("Lights"),
    "link": _("Connection"),
    "microphone": _("Microphone"),
    "modem": _("Modem"),
    "pendant": _("Pendant"),
    "photos": _("Photos"),
    "power": _("Mains power"),
    "rules": _("Program"),
    "screen": _("Screen"),
    "self-test": _("Nightly self-test"),
    "sound": _("Sound"),
    "speaker": _("Speaker"),
    "storage": _("Storage"),
    "store": _("Storage"),
    "window": _("Screen"),
}
# Without these no help gets out, or nobody hears that it did.
VITAL = {
    "battery", "button", "buttons", "modem", "pendant", "power", "rules", "screen", "self-test", "sound",
    "speaker", "storage", "store", "window",
}  # fmt: skip
REASONS = {
    "the clock is not synchronised; the time is not shown": _(
        "the clock is not synchronised; the time is not shown"
    ),
    "the screen's window is not running": _("the screen's program is not running"),
    "the window does not answer": _("the screen's program does not answer"),
    "the tone was not heard": _("the microphone did not hear the test tone"),
    "stuck": _("stuck: it has been pressed for too long"),
    "no network": _("no mobile network"),
    "no SIM": _("there is no SIM card"),
    "not fitted": _("not fitted"),
    "unplugged": _("unplugged"),
    "low": _("low"),
    "full": _("full"),
    "no mains": _("no mains power: it runs on its battery"),
}


def title(part: str) -> str:
    """The part as a nurse calls it; one that is not known here by its own name."""
    return str(TITLES.get(part, part))


def reason(text: str) -> str:
    """The complaint in the reader's language, or as the device says it."""
    return str(REASONS.get(text, text))
