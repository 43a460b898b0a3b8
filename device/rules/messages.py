"""Messages take the screen when due, one at a time, after help and calls (M3, M4, M8, K6).

A due message is saved here until it is answered, so that it is shown once, whatever the link does.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from device.contract.documents import View
from device.contract.message_times import verdict
from device.contract.messages import MessageAnswered, MessagePlan, MessageShown, PlannedMessage
from device.rules.calls.admission import is_in_use
from device.rules.effects import Effect, Play, Record, SayMessage, StopSound
from device.rules.events import Event, Intended
from device.rules.message_state import KeptMessage, Messages
from device.rules.now import Now
from device.rules.state import State
from device.rules.tables.rooms import is_ringing
from device.window_protocol.intents import AnswerMessage, ReadAloud

Outcome = tuple[State, tuple[Effect, ...]]

AGAIN_AFTER = timedelta(minutes=10)
# An answer is kept for longer than the message can be in the desk's plan.
KEPT_FOR = timedelta(days=3)


def step(state: State, event: Event, now: Now) -> Outcome:
    """Handle answers, save due messages, and show the next one when the screen is free."""
    effects: tuple[Effect, ...] = ()
    if isinstance(event, Intended) and isinstance(event.intent, AnswerMessage):
        state, effects = _answered(state, event.intent, now)
    if isinstance(event, Intended) and isinstance(event.intent, ReadAloud):
        effects = _read(state, event.intent)
    state = _follow(state, now)
    state, shown = _show(state, now)
    return state, effects + shown


def seconds_to_check(state: State, now: Now) -> float | None:
    """Return when the next message is due, or shown again; None where there is none."""
    plan = state.documents.messages
    known = {kept.message.id for kept in state.messages.kept}
    moments = [each.due_at for each in plan.messages if each.id not in known] if plan else []
    moments += [kept.again_at for kept in state.messages.kept if kept.again_at and not kept.is_done]
    ahead = [(moment - now.wall).total_seconds() for moment in moments if moment > now.wall]
    return min(ahead, default=None)


def shown_message(state: State) -> KeptMessage | None:
    """Return the message on the screen, unless something more important covers it."""
    for kept in state.messages.kept:
        if kept.message.id == state.messages.shown:
            return kept
    return None


def _answered(state: State, intent: AnswerMessage, now: Now) -> Outcome:
    kept = shown_message(state)
    if kept is None or kept.message.id != intent.message_id:
        return state, ()
    if intent.answer == "later":
        kept = replace(kept, again_at=now.wall + AGAIN_AFTER)
    else:
        kept = replace(kept, answer=intent.answer, again_at=None)
    messages = replace(_with(state.messages, kept), shown="")
    what = MessageAnswered(message_id=kept.message.id, answer=intent.answer)
    # A long text is not read on behind its answer.
    return replace(state, messages=messages), (Record(what=what), StopSound(sound="speech"))


def _follow(state: State, now: Now) -> State:
    """Follow the plan: moved and cancelled messages disappear, due ones are saved."""
    plan = state.documents.messages
    # Without the time nothing is due and nothing expires (K4).
    if plan is None or not now.trusted:
        return state
    planned = {each.id: each for each in plan.messages}
    kept = tuple(each for each in state.messages.kept if _is_still_kept(each, planned, now.wall))
    known = {each.message.id for each in kept}
    zone = ZoneInfo((state.documents.view or View(version=1)).time_zone)
    due = [each for each in plan.messages if each.id not in known and _is_due(each, plan, zone, now)]
    kept += tuple(KeptMessage(message=each) for each in due)
    if kept == state.messages.kept:
        return state
    ids = {each.message.id for each in kept}
    shown = state.messages.shown if state.messages.shown in ids else ""
    return replace(state, messages=Messages(kept=kept, shown=shown))


def _is_still_kept(kept: KeptMessage, planned: dict[str, PlannedMessage], now: datetime) -> bool:
    message = kept.message
    if kept.is_done:
        return message.id in planned or (kept.shown_at or message.due_at) > now - KEPT_FOR
    return message.id in planned and (kept.shown_at is not None or now < message.until)


def _is_due(message: PlannedMessage, plan: MessagePlan, zone: ZoneInfo, now: Now) -> bool:
    window = None if message.any_hour else plan.window
    return verdict(message.span, window, zone, now.wall) == "now"


def _show(state: State, now: Now) -> Outcome:
    if state.messages.shown or not _is_screen_free(state):
        return state, ()
    waiting = (each for each in state.messages.kept if not each.is_done and _is_wanted(each, now.wall))
    kept = next(waiting, None)
    if kept is None:
        return state, ()
    message, is_first = kept.message, kept.shown_at is None
    kept = replace(kept, shown_at=kept.shown_at or now.wall, again_at=None)
    messages = replace(_with(state.messages, kept), shown=message.id)
    effects: tuple[Effect, ...] = (Record(what=MessageShown(message_id=message.id)),) if is_first else ()
    return replace(state, messages=messages), (*effects, Play(sound="chime"), _say(message))


def _read(state: State, intent: ReadAloud) -> tuple[Effect, ...]:
    kept = shown_message(state)
    return (_say(kept.message),) if kept and kept.message.id == intent.message_id else ()


def _say(message: PlannedMessage) -> SayMessage:
    return SayMessage(text=". ".join(text.rstrip(".") for text in (message.title, message.body) if text))


def _is_wanted(kept: KeptMessage, now: datetime) -> bool:
    """Return whether it is not postponed; a clock set back does not postpone it for longer."""
    return kept.again_at is None or not now < kept.again_at <= now + AGAIN_AFTER


def _is_screen_free(state: State) -> bool:
    """Return whether no help, call or café table occupies the screen: a message is spoken only if visible."""
    is_busy = state.call or state.call_over or state.seat or state.seat_over or is_ringing(state)
    is_asking = state.press.stage != "none" or state.requests.help_is_open or state.urgent_asked_s is not None
    is_covered = state.documents.view is None or state.navigation.page == "help"
    return is_in_use(state) and not (is_busy or is_asking or is_covered)


def _with(messages: Messages, changed: KeptMessage) -> Messages:
    same = changed.message.id
    kept = tuple(changed if each.message.id == same else each for each in messages.kept)
    return replace(messages, kept=kept)
