"""The wizard's texts for stages, errors, and missing setup."""

from collections.abc import Callable, Sequence

from device.contract.readiness import Gap
from device.rules.setup.state import Stage, State, Trouble
from device.screen.words import Words

# As many as a page of ten inches holds.
MOST_GAPS = 3


def stage_name(stage: Stage, words: Words) -> str:
    """Return the stage's name for the list of steps and its page."""
    names: dict[Stage, str] = {
        "language": words("Language"),
        "network": words("Network"),
        "desk": words("Care desk"),
        "sound": words("Loudspeaker and microphone"),
        "camera": words("Camera"),
        "buttons": words("Help buttons"),
        "pendants": words("Help pendant"),
        "modem": words("Text messages"),
        "panel": words("Size of the screen"),
        "missing": words("What is still missing"),
        "done": words("Ready"),
    }
    return names[stage]


def trouble_words(state: State, words: Words) -> str:
    """Return the error and what to do; empty while there is none."""
    name = state.joining.ssid if state.joining else ""
    said: dict[Trouble, Callable[[], str]] = {
        "wrong-password": lambda: words("The password is wrong. Try again."),
        "no-address": lambda: words("{name} gives this device no address. Restart the router.", name=name),
        "not-found": lambda: words("{name} is too far away or switched off.", name=name),
        "not-joined": lambda: words("{name} could not be joined. Try again.", name=name),
        "user-name-wanted": lambda: words("This network wants a user name. Choose another network."),
        "portal": lambda: words("This network wants a sign-in on a web page. Choose another one."),
        "no-camera": lambda: words("The camera gives no picture."),
        "another-code": lambda: words("That is another code."),
        "no-address-typed": lambda: words("That is no address. It looks like desk.example."),
        "no-claim-typed": lambda: words("The code has eight letters."),
        "no-number-typed": lambda: words("The number begins with + and the country, as +358."),
        "unreachable": lambda: words("The care desk cannot be reached. Check its address and the network."),
        "another-desk": lambda: words("This is not the care desk that the code is from."),
        "clock": lambda: words("This device does not know the time yet. Wait a minute, then try again."),
        "claim-unknown": lambda: words("The care desk does not know this code."),
        "claim-used": lambda: words("This code has been used. Get a new one at the care desk."),
        "claim-expired": lambda: words("This code is older than 15 minutes. Get a new one at the care desk."),
        "too-many": lambda: words("There were too many tries. Wait a minute."),
        "refused": lambda: words("The care desk refused: {reason}", reason=state.detail),
        "sound": lambda: words("The microphone did not hear the loudspeaker."),
        "text": lambda: words("The message was not sent: {reason}", reason=state.detail),
    }
    return said[state.trouble]() if state.trouble else ""


def gap_words(gap: Gap, words: Words) -> str:
    """Return what somebody at the desk still has to do."""
    said: dict[Gap, str] = {
        "resident": words("The device is in stock: give it to a resident."),
        "view": words("Nobody has composed the view yet."),
        "contacts": words("There is nobody to call yet."),
        "escalation": words("Nobody is told when help is called and the desk does not answer."),
        "second-contact": words("Only one person is notified of help: two are needed."),
        "consent": words("Consent to forced calls is not on file."),
        "partner": words("No alarm centre is set."),
        "registration": words("The alarm centre has not confirmed the resident."),
        "test": words("The alarm has not been tested yet."),
    }
    return said[gap]


def gap_lines(gaps: Sequence[Gap], words: Words) -> list[str]:
    """Return what is missing, as much as a page holds; the desk names the rest."""
    lines = [gap_words(gap, words) for gap in gaps]
    if len(lines) > MOST_GAPS:
        lines[MOST_GAPS - 1 :] = [words("And more: the resident's page at the desk has them all.")]
    return lines
