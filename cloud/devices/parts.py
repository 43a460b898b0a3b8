"""Components of a device and their usual faults, in the reader's language."""

from django.utils.translation import gettext_lazy as _

TITLES: dict[str, object] = {
    "battery": _("Battery"),
    "button": _("Help button"),
    "buttons": _("Buttons"),
    "calls": _("Calls"),
    "camera": _("Camera"),
    "camera in calls": _("Camera in calls"),
    "certificate": _("Certificate"),
    "clock": _("Clock"),
    "display": _("Display"),
    "identity": _("Identity"),
    "lights": _("Lights"),
    "link": _("Connection"),
    "microphone": _("Microphone"),
    "microphone in calls": _("Microphone in calls"),
    "modem": _("Modem"),
    "pendant": _("Pendant"),
    "pendants": _("Pendants"),
    "photos": _("Photos"),
    "power": _("Mains power"),
    "rules": _("Program"),
    "screen": _("Screen"),
    "https fallback": _("Second way for help"),
    "self-test": _("Nightly self-test"),
    "sound": _("Sound"),
    "speaker": _("Speaker"),
    "speaker in calls": _("Speaker in calls"),
    "storage": _("Storage"),
    "store": _("Storage"),
    "traffic": _("Messages"),
    "update": _("New software"),
    "window": _("Screen"),
}
# Without these no help request is sent or noticed.
VITAL = {
    "battery", "button", "buttons", "certificate", "modem", "pendant", "pendants", "power", "rules", "screen",
    "self-test", "sound", "speaker", "storage", "store", "window",
}  # fmt: skip
# A fault as the device words it, up to the first colon; what follows is shown unchanged.
REASONS = {
    "the clock is not synchronised; the time is not shown": _(
        "the clock is not synchronised; the time is not shown"
    ),
    "the screen's window is not running": _("the screen's program is not running"),
    "the window does not answer": _("the screen's program does not answer"),
    "the tone was not heard": _("the microphone did not hear the test tone"),
    "sends too much": _("sends too much; so many messages were dropped"),
    "another tablet uses it": _("another tablet uses the same identity: a card has been copied"),
    "stuck": _("stuck: it has been pressed for too long"),
    "no network": _("no mobile network"),
    "no SIM": _("there is no SIM card"),
    "not fitted": _("not fitted"),
    "unplugged": _("unplugged"),
    "low": _("low"),
    "full": _("full"),
    "no mains": _("no mains power: it runs on its battery"),
    "no mobile network": _("no mobile network"),
    "the SIM is missing": _("there is no SIM card"),
    "the SIM is locked": _("the SIM card is locked"),
    "pressed without a break, perhaps stuck": _("stuck: it has been pressed for too long"),
    "the sound server does not answer": _("the sound server does not answer"),
    "there is no sound card": _("there is no sound card"),
    "the output is muted in the sound server": _("the sound is switched off in the sound server"),
    "the microphone does not work": _("does not work"),
    "the microphone gives nothing": _("gives no sound"),
    "the clock is wrong": _("the clock is wrong"),
    "it is nearly full": _("nearly full"),
    "it cannot be written to": _("nothing can be written"),
    "it expires soon": _("expires soon"),
    "it has expired": _("has expired"),
    "it cannot be read": _("cannot be read"),
    "it could not be fetched": _("it could not be fetched"),
    "the release is not signed with the key that this place trusts": _(
        "the release is not signed with the key that the device trusts"
    ),
    "the release is older than what runs here": _("the release is older than what runs on the device"),
    "the test itself failed": _("the test itself failed"),
}


def title(part: str) -> str:
    """Return a component's name for nurses; an unknown one keeps its own name."""
    return str(TITLES.get(part, part))


def reason(text: str) -> str:
    """Return the fault in the reader's language, or as the device words it."""
    if text in REASONS:
        return str(REASONS[text])
    head, colon, rest = text.partition(": ")
    return f"{REASONS[head]}: {rest}" if colon and head in REASONS else text
