"""The nightly self-test, run while nobody needs the device; also on the desk's command (K8)."""

from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from device.contract.commands import Answer, SelfTest
from device.contract.documents import View
from device.contract.events import SelfTested
from device.contract.vital import Fault
from device.rules.calm import is_calm
from device.rules.effects import AnswerCommand, Effect, Record, StartSelfTest, StopSelfTest
from device.rules.events import CommandArrived, Event, SelfTestFinished, Ticked
from device.rules.health import faults
from device.rules.local_time import is_within
from device.rules.now import Now
from device.rules.state import NightlyTest, State

FROM, UNTIL = "02:00", "04:00"
# A test during which the device restarted is retried once, and then left to the next night.
MOST_TRIES = 2
# Faults that are reported and repaired without waiting for the next night.
_NOT_OF_THE_NIGHT = {"link", "https fallback", "photos"}

Outcome = tuple[State, tuple[Effect, ...]]
Stage = Literal["received", "done", "declined", "failed"]


def step(state: State, event: Event, now: Now) -> Outcome:
    """Start the test, interrupt it for whatever has priority, and report its result."""
    test = state.self_test
    match event:
        case CommandArrived(id=id_, command=SelfTest()):
            return _commanded(state, now, id_)
        case SelfTestFinished(id=id_, found=found) if id_ == test.running:
            return _finished(state, now, found)
        case Ticked() if _is_due(state, now):
            night = _local(state, now).date().isoformat()
            tries = test.tries + 1 if test.night == night else 1
            return _start(state, replace(test, night=night, tries=tries, done=False, running=now.id))
    if test.running and not is_calm(state):
        return _broken_off(state)
    return state, ()


def _commanded(state: State, now: Now, command_id: str) -> Outcome:
    if state.self_test.running:
        return state, (_answer(command_id, "declined", "a test is running already"),)
    if not is_calm(state):
        reason = "a call is on" if state.call else "the resident is waiting for help"
        return state, (_answer(command_id, "declined", reason),)
    test = replace(state.self_test, running=now.id, command_id=command_id)
    state, effects = _start(state, test)
    return state, (*effects, _answer(command_id, "received"))


def _start(state: State, test: NightlyTest) -> Outcome:
    return replace(state, self_test=test), (StartSelfTest(id=test.running),)


def _finished(state: State, now: Now, found: tuple[Fault, ...]) -> Outcome:
    """Report the result, with the faults that are monitored all the time."""
    test = state.self_test
    without = replace(state, self_test=NightlyTest())
    watched = tuple(fault for fault in faults(without, now) if fault.part not in _NOT_OF_THE_NIGHT)
    own = tuple(fault for fault in found if fault.part not in {each.part for each in watched})
    report = SelfTested(passed=not (watched or own), faults=[*watched, *own])
    answers = (_answer(test.command_id, "done"),) if test.command_id else ()
    done = replace(test, done=test.done or not test.command_id, faults=own, running="", command_id="")
    return replace(state, self_test=done), (Record(what=report), *answers)


def _broken_off(state: State) -> Outcome:
    """Restart an interrupted test: it does not count as an attempt."""
    test = state.self_test
    answers: tuple[Effect, ...] = ()
    if test.command_id:
        reason = "the resident was called" if state.call else "the resident asked for help"
        answers = (_answer(test.command_id, "failed", f"broken off: {reason}"),)
    tries = test.tries if test.command_id else test.tries - 1
    test = replace(test, tries=tries, running="", command_id="")
    return replace(state, self_test=test), (StopSelfTest(), *answers)


def _is_due(state: State, now: Now) -> bool:
    test, local = state.self_test, _local(state, now)
    if test.running or not is_within(local.strftime("%H:%M"), FROM, UNTIL) or not is_calm(state):
        return False
    is_same_night = test.night == local.date().isoformat()
    return not is_same_night or not (test.done or test.tries >= MOST_TRIES)


def _local(state: State, now: Now) -> datetime:
    """Return the wall time even if it is not trusted, so that there is a night at all."""
    view = state.documents.view or View(version=1)
    return now.wall.astimezone(ZoneInfo(view.time_zone))


def _answer(command_id: str, stage: Stage, reason: str = "") -> AnswerCommand:
    return AnswerCommand(command_id=command_id, answer=Answer(stage=stage, reason=reason))
