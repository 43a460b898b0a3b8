"""What the resident hears and what shines: follows the state, and answers every touch and step of help.

The last of the rules, so that whatever the others decided is heard at once.
"""

from collections.abc import Iterator

from msgspec.structs import replace

from device.contract.documents import View
from device.rules import light
from device.rules.effects import Dim, Effect, Play, SayHelp, SayLabel, SetVolume
from device.rules.events import ButtonPressed, Event, Intended
from device.rules.moment import Moment
from device.rules.night import is_night
from device.rules.sound import Hearing, volumes
from device.rules.state import HelpStep, Signals, State
from device.screen.intents import PressHelp

# So long the words of a step may last: neither labels nor a hand that trembles on the button cut them off.
HELP_WORDS_S = 8.0


def step(state: State, event: Event, now: Moment) -> tuple[State, tuple[Effect, ...]]:
    """Volumes and lamps first: what is heard now is heard as loud as it should be."""
    view = state.documents.view or View(version=1)
    signals, effects = _follow(state, view, now)
    effects += _felt(event)
    are_words_over = now.monotonic_s >= signals.help_words_until_s
    if _is_news(signals, state) or (_asks_for_help(event) and _is_open(state) and are_words_over):
        effects.append(SayHelp())
        signals = replace(signals, help_words_until_s=now.monotonic_s + HELP_WORDS_S)
    elif isinstance(event, Intended) and _is_spoken(event, view) and are_words_over:
        effects.append(SayLabel(intent=event.intent))
    signals = _told(signals, state)
    return state if signals == state.signals else replace(state, signals=signals), tuple(effects)


def hearing(state: State, view: View, now: Moment) -> Hearing:
    """What the table of sounds has to know."""
    return Hearing(muted=state.mute.until is not None, night=is_night(view, now), help=_is_open(state))


def _follow(state: State, view: View, now: Moment) -> tuple[Signals, list[Effect]]:
    """What differs from what was last asked for; after a start, all of it."""
    before = state.signals
    level = light.backlight(state, view, now)
    after = replace(
        before,
        volumes=volumes(hearing(state, view, now)),
        shining=light.shining(state, view, now),
        backlight=level,
    )
    effects: list[Effect] = [
        SetVolume(sound=sound, volume=volume)
        for sound, volume in after.volumes.items()
        if before.volumes.get(sound) != volume
    ]
    effects += [shine for shine in after.shining if shine not in before.shining]
    effects += [Dim(level=level)] if level != before.backlight else []
    return after, effects


def _is_open(state: State) -> bool:
    return state.requests.help is not None and state.requests.help.open


def _asks_for_help(event: Event) -> bool:
    match event:
        case Intended(intent=PressHelp()) | ButtonPressed(name="help"):
            return True
    return False


def _felt(event: Event) -> Iterator[Effect]:
    """Every touch is answered at once, before anything comes of it."""
    if _asks_for_help(event):
        yield Play(sound="help")
    elif isinstance(event, Intended):
        yield Play(sound="touch")


def _is_spoken(event: Intended, view: View) -> bool:
    return view.speak_on_touch and not isinstance(event.intent, PressHelp)


def _help_step(state: State) -> HelpStep | None:
    """What the words on the help page depend on."""
    help_ = state.requests.help
    if help_ is None:
        return None
    connected = state.link.connected and help_.stage == "sending"
    return HelpStep(help_id=help_.id, stage=help_.stage, by=help_.by, connected=connected)


def _is_news(signals: Signals, state: State) -> bool:
    """Each step is said once, however often the link comes and goes; an end from before a restart is old."""
    step_ = _help_step(state)
    if step_ is None or step_ in signals.told:
        return False
    return step_.stage != "closed" or any(told.help_id == step_.help_id for told in signals.told)


def _told(signals: Signals, state: State) -> Signals:
    step_ = _help_step(state)
    told = tuple(told for told in signals.told if step_ and told.help_id == step_.help_id)
    if step_ and step_ not in told:
        told = (*told, step_)
    return signals if told == signals.told else replace(signals, told=told)
