"""What is registered once cannot be forgotten: effects have performers, commands have rules."""

import asyncio
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import NoReturn, get_args

import msgspec
import pytest

from device.contract.commands import Command, SelfTest
from device.performers import EFFECTS, EffectTableError, Performs, table_of
from device.rules import step
from device.rules.effects import AnswerCommand, Effect, PrepareCall
from device.rules.events import CommandArrived, Event
from device.rules.now import Now
from device.rules.state import State
from device.settings import Identity, Settings
from device.tablet import Tablet
from docs.generate.types import sample_files
from hal.simulated import SimulatedClock, SimulatedHardware
from tests.device.story import NOON, Story

COMMANDS: tuple[type[Command], ...] = get_args(Command)


class Everything:
    """Performs all effects but those that are left to others."""

    def __init__(self, *others: type[Effect]) -> None:
        self._mine = EFFECTS - set(others)

    def performs(self) -> Performs:
        return {effect: lambda _effect, _state, _now: None for effect in self._mine}


@pytest.mark.parametrize("effect", sorted(EFFECTS, key=str))
def test_an_effect_that_nobody_performs_ends_the_start(effect: type[Effect]) -> None:
    """By its name, before anybody relies on it; nothing is dropped silently."""
    with pytest.raises(EffectTableError, match=f"nobody performs {effect.__name__}"):
        table_of([Everything(effect)])


def test_an_effect_with_two_performers_ends_the_start() -> None:
    """It would happen twice, or at one of two places by chance."""
    with pytest.raises(EffectTableError, match="has two performers"):
        table_of([Everything(), Everything()])


def test_a_tablet_has_a_performer_for_every_effect() -> None:
    """The parts of a real tablet cover all effects; else it would not even be made."""

    async def start_and_stop(folder: Path) -> None:
        settings = Settings(
            identity_dir=folder,
            data_dir=folder,
            screen_socket=folder / "screen",
            sim_socket=folder / "sim",
            media_socket=folder / "media",
        )
        identity = Identity(
            device="d", desk_url="https://localhost:9", broker_host="localhost", broker_port=9, folder=folder
        )
        tablet = Tablet(settings, identity, SimulatedClock(), SimulatedHardware.make())
        stop = asyncio.Event()
        stop.set()
        await tablet.run(stop)

    with tempfile.TemporaryDirectory(prefix="kr-") as folder:
        asyncio.run(start_and_stop(Path(folder)))


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_one_rule_and_is_taken(command: type[Command]) -> None:
    """A command without a rule would be answered only by its end; one with two, twice."""
    assert sum(command in rule.commands for rule in step.RULES) == 1
    sample = msgspec.json.decode(sample_files(command)[-1].read_bytes(), type=command)
    story = Story.of_aino()
    effects = story.tell(arrived(sample))
    answers = [effect.answer for effect in effects if isinstance(effect, AnswerCommand)]
    assert len(answers) == 1 or any(isinstance(effect, PrepareCall) for effect in effects)
    assert "failed" not in {answer.stage for answer in answers}


def test_a_command_that_no_rule_takes_is_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    """The desk reads why, instead of sending it until it expires."""
    without = [rule for rule in step.RULES if SelfTest not in rule.commands]
    monkeypatch.setattr(step, "RULES", without)
    assert failure(SelfTest()) == step.NOT_HANDLED


def test_a_command_whose_rule_fails_is_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    """The desk is notified that the rule failed."""
    failing = [
        step.Rule(fail, commands=rule.commands) if SelfTest in rule.commands else rule for rule in step.RULES
    ]
    monkeypatch.setattr(step, "RULES", failing)
    assert failure(SelfTest()) == "the device could not use it"


def fail(state: State, event: Event, now: Now) -> NoReturn:
    raise ZeroDivisionError


def failure(command: Command) -> str:
    """Why the command was answered with ``failed``: its only answer."""
    story = Story()
    _, effects, _ = step.step_on(story.state, arrived(command), story.now)
    (answer,) = [effect.answer for effect in effects if isinstance(effect, AnswerCommand)]
    assert answer.stage == "failed"
    return answer.reason


def arrived(command: Command) -> CommandArrived:
    return CommandArrived(id="command-1", command=command, expires_at=NOON + timedelta(minutes=1))
