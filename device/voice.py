"""Speech output in the resident's language."""

from device.display import DisplayedScreen
from device.hardware import FittedHardware
from device.performers import Performs
from device.rules import effects as fx
from device.rules.now import Now
from device.rules.state import State
from device.screen.speech import call_words, help_words, language_of


class Voice:
    """Speaks help steps, call announcements, and labels."""

    def __init__(self, hardware: FittedHardware, displayed: DisplayedScreen) -> None:
        self._hardware = hardware
        self._displayed = displayed

    def performs(self) -> Performs:
        """Return the effects that speak."""
        return {
            fx.SayHelp: self._say_help,
            fx.SayCall: self._say_call,
            fx.SayLabel: self._say_label,
            fx.SayMessage: self._say_message,
        }

    def _say_help(self, _: fx.SayHelp, state: State, now: Now) -> None:
        self._hardware.say(help_words(state, now), language_of(state))

    def _say_call(self, _: fx.SayCall, state: State, now: Now) -> None:
        self._hardware.say(call_words(state, now), language_of(state))

    def _say_message(self, effect: fx.SayMessage, state: State, _: Now) -> None:
        self._hardware.say(effect.text, language_of(state))

    def _say_label(self, effect: fx.SayLabel, state: State, _: Now) -> None:
        self._hardware.say(self._displayed.label(effect.of), language_of(state))
