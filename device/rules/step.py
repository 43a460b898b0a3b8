"""The step function of the device: every rule handles every event, in this order."""

from collections.abc import Callable

from msgspec import Struct

from device.contract.commands import (
    Answer,
    Command,
    ConnectCall,
    EndCall,
    ForcedCall,
    Ring,
    SelfTest,
    ServiceCall,
    StartRemoteView,
    StopRemoteView,
    Tap,
    UpdateCall,
    UpdateHelp,
)
from device.contract.help_progress import ReportHelpProgress
from device.contract.retirement import Wipe
from device.rules import (
    documents,
    health,
    https_fallback,
    installer,
    link,
    messages,
    mute,
    navigation,
    press,
    queue,
    remote_view,
    renewal,
    requests,
    restart,
    retirement,
    self_test,
    signals,
    sms,
    update,
    urgent,
    window,
)
from device.rules.calls import clock
from device.rules.calls import step as calls
from device.rules.documents import COULD_NOT_USE
from device.rules.effects import AnswerCommand, Effect
from device.rules.events import CommandArrived, Event
from device.rules.now import Now
from device.rules.state import State
from device.rules.tables import step as tables

NOT_HANDLED = "not handled"

Outcome = tuple[State, tuple[Effect, ...]]


class Rule(Struct, frozen=True):
    """One rule: its step, when it needs a tick, and the commands that it answers."""

    step: Callable[[State, Event, Now], Outcome]
    seconds_to_check: Callable[[State, Now], float | None] | None = None
    commands: tuple[type[Command], ...] = ()


RULES: tuple[Rule, ...] = (
    Rule(link.step),
    Rule(documents.step),
    Rule(press.step, press.seconds_to_check),
    Rule(requests.step, commands=(UpdateHelp, ReportHelpProgress)),
    Rule(urgent.step, urgent.seconds_to_check),
    Rule(https_fallback.step, https_fallback.seconds_to_check),
    Rule(sms.step, sms.seconds_to_check),
    Rule(navigation.step, navigation.seconds_to_check),
    Rule(
        calls.step,
        clock.seconds_to_check,
        commands=(Ring, ForcedCall, ConnectCall, UpdateCall, ServiceCall, EndCall),
    ),
    Rule(tables.step, tables.seconds_to_check, commands=tables.COMMANDS),
    Rule(queue.step, queue.seconds_to_check),
    Rule(messages.step, messages.seconds_to_check),
    Rule(mute.step),
    Rule(window.step, window.seconds_to_check),
    Rule(remote_view.step, remote_view.seconds_to_check, commands=(StartRemoteView, StopRemoteView, Tap)),
    Rule(self_test.step, commands=(SelfTest,)),
    Rule(renewal.step),
    Rule(retirement.step, commands=(Wipe,)),
    Rule(update.step),
    Rule(restart.step),
    Rule(installer.step),
    Rule(health.step),
    Rule(signals.step),
)


def seconds_to_check(state: State, now: Now) -> float | None:
    """Return the soonest time at which any rule needs a tick; None where none does."""
    waits = [rule.seconds_to_check(state, now) for rule in RULES if rule.seconds_to_check]
    return min((wait for wait in waits if wait is not None), default=None)


def step(state: State, event: Event, now: Now) -> Outcome:
    """Return the next state and the effects. Raises a rule's exception."""
    state, effects, failures = step_on(state, event, now)
    if failures:
        raise failures[0]
    return state, effects


def step_on(state: State, event: Event, now: Now) -> tuple[State, tuple[Effect, ...], list[Exception]]:
    """Run every rule, and return the exceptions: a bug in one must not block help (K3)."""
    effects: tuple[Effect, ...] = ()
    failures: list[Exception] = []
    failed: list[Rule] = []
    for rule in RULES:
        try:
            state, more = rule.step(state, event, now)
        except Exception as error:  # noqa: BLE001 - nothing that arrives may stop the device
            failures.append(error)
            failed.append(rule)
        else:
            effects += more
    if isinstance(event, CommandArrived):
        effects += _refused(event, effects, failed)
    return state, effects, failures


def _refused(
    arrived: CommandArrived, effects: tuple[Effect, ...], failed: list[Rule]
) -> tuple[AnswerCommand, ...]:
    """Return the answer to a command that no rule has handled."""
    rules = [rule for rule in RULES if isinstance(arrived.command, rule.commands)]
    is_taken = any(rule not in failed for rule in rules)
    if is_taken or any(isinstance(each, AnswerCommand) for each in effects):
        return ()
    answer = Answer(stage="failed", reason=COULD_NOT_USE if rules else NOT_HANDLED)
    return (AnswerCommand(command_id=arrived.id, answer=answer),)
