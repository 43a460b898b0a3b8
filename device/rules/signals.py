"""Sounds, speech and lamps: follow the state, and acknowledge every touch and step of help.

The last of the rules, so that the others' decisions are audible at once.
"""

from msgspec.structs import replace

from device.contract.documents import View
from device.rules import light
from device.rules.calls import signals as call_signals
from device.rules.effects import Dim, Effect, Play, SayHelp, SayLabel, SetVolume
from device.rules.events import ButtonChanged, Event, Intended, PageTurned, PendantPressed
from device.rules.night import is_night
from device.rules.now import Now
from device.rules.requests import has_waited
from device.rules.sms import newest_text
from device.rules.sound import Hearing, volumes
from device.rules.state import HelpStep, Request, Signals, State
from device.window_protocol.intents import Arrow, Intent, LetGoHelp, PressHelp, ReadAloud, TouchHelp

# The maximum length of a help announcement: labels and repeated presses do not interrupt it.
HELP_WORDS_S = 8.0

Outcome = tuple[State, tuple[Effect, ...]]


def step(state: State, event: Event, now: Now) -> Outcome:
    """Update volumes and lamps first, so that sounds have the right volume."""
    view = state.documents.view or View(version=1)
    signals, effects = _follow(state, view, now)
    effects += _sound(state, event)
    call, call_effects = call_signals.follow(signals.call, state.call, now)
    effects += call_effects
    are_words_over = now.monotonic_s >= signals.help_words_until_s
    newest = _help_step(state, now)
    if _is_news(state, newest) or (are_words_over and _asks_for_help(event) and newest):
        effects.append(SayHelp())
        signals = replace(signals, help_words_until_s=now.monotonic_s + HELP_WORDS_S)
    elif are_words_over and view.speak_on_touch and (label := _label_of(event)):
        effects.append(SayLabel(of=label))
    signals = replace(signals, announced=_announced(state, newest), call=call)
    return state if signals == state.signals else replace(state, signals=signals), tuple(effects)


def _hearing(state: State, *, night: bool) -> Hearing:
    """Return the input of the sound table."""
    return Hearing(
        muted=state.mute.until is not None,
        night=night,
        in_call=call_signals.is_talking(state.call)
        or (state.seat is not None and state.seat.stage != "asking"),
        help=state.requests.help_is_open or state.press.stage in ("holding", "counting"),
    )


def _follow(state: State, view: View, now: Now) -> tuple[Signals, list[Effect]]:
    """Return what differs from the last request; after a start, everything."""
    before, night = state.signals, is_night(view, now)
    level = light.backlight(state, night=night)
    after = replace(
        before,
        volumes=volumes(_hearing(state, night=night)),
        shining=light.shining(state, now, night=night),
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


def _sound(state: State, event: Event) -> list[Effect]:
    """Acknowledge every touch, and a held press that became a request."""
    help_ = state.requests.help
    is_raised = help_ is not None and help_.stage == "sending" and _is_news_of(state, help_.id)
    if _asks_for_help(event) or is_raised:
        return [Play(sound="help")]
    is_touch = isinstance(event, PageTurned) or (
        isinstance(event, Intended) and not isinstance(event.intent, LetGoHelp)
    )
    return [Play(sound="touch")] if is_touch else []


def _asks_for_help(event: Event) -> bool:
    match event:
        case Intended(intent=PressHelp() | TouchHelp()) | PendantPressed():
            return True
        case ButtonChanged(name="help", action="pressed"):
            return True
    return False


def _label_of(event: Event) -> Intent | Arrow | None:
    """Return what was touched; help and messages that are read aloud have their own speech."""
    match event:
        case Intended(intent=PressHelp() | TouchHelp() | LetGoHelp() | ReadAloud()):
            return None
        case Intended(intent=intent):
            return intent
        case PageTurned(arrow=arrow):
            return arrow
    return None


def _help_step(state: State, now: Now) -> HelpStep | None:
    """Return the step to announce; none while a button is held."""
    press, help_ = state.press, state.requests.help
    if press.stage not in ("none", "holding"):
        return HelpStep(about=f"press {press.began_s}", stage=press.stage)
    if press.stage == "holding" or help_ is None:
        return None
    connected = state.link.connected and help_.stage == "sending"
    text = newest_text(state) if help_.stage == "sending" else None
    sms = f"{text.name} {text.outcome}" if text else ""
    return HelpStep(
        about=help_.id,
        stage=help_.stage,
        by=help_.by,
        connected=connected,
        sms=sms,
        progress=_progress(help_, now),
    )


def _progress(help_: Request, now: Now) -> str:
    """Return the text on the screen while nobody has answered; a change of minutes alone is not spoken."""
    if help_.stage != "received":
        return ""
    report = help_.progress
    if report is None or not (report.contacts or report.partner_notified_at):
        is_unseen = report is not None and not report.on_board
        return f"unseen {is_unseen}, waited {has_waited(help_, now)}"
    return f"{[each.name for each in report.contacts]} {report.partner_notified_at is not None}"


def _is_news(state: State, step_: HelpStep | None) -> bool:
    """Return whether the step is new: each is announced once, and an end before a restart is old."""
    if step_ is None or step_ in state.signals.announced:
        return False
    return step_.stage != "closed" or not _is_news_of(state, step_.about)


def _is_news_of(state: State, about: str) -> bool:
    return all(each.about != about for each in state.signals.announced)


def _announced(state: State, step_: HelpStep | None) -> tuple[HelpStep, ...]:
    if step_ is None:
        return state.signals.announced
    announced = tuple(each for each in state.signals.announced if each.about == step_.about)
    return announced if step_ in announced else (*announced, step_)
