"""Transitions between the wizard's stages."""

from msgspec.structs import replace

from device.rules.setup.effects import AskForGaps, LookForNetworks, SetupEffect, TestSound
from device.rules.setup.state import Reason, Stage, State, Trouble, stages_of
from device.rules.typing import Typing

Outcome = tuple[State, tuple[SetupEffect, ...]]


def arrive(state: State, stage: Stage) -> Outcome:
    """Enter a stage with a fresh state; the hardware check requires enrolment."""
    stages = stages_of(state)
    if stage not in stages or (not state.kept.is_enrolled and stage == "done"):
        stage = "desk"
    state = replace(
        state,
        kept=replace(state.kept, stage=stage),
        view="",
        trouble="",
        detail="",
        is_busy=False,
        joining=None,
        typing=Typing(),
        claimed=None,
        mark="",
        pressed=frozenset(),
        sender="",
        card_scale=1.0,
        gaps=None,
    )
    match stage:
        case "network":
            return state, (LookForNetworks(),)
        case "sound":
            return replace(state, is_busy=True), (TestSound(),)
        case "missing":
            return replace(state, is_busy=True), (AskForGaps(),)
    return state, ()


def passed(state: State, *, skipped: Reason | None = None) -> Outcome:
    """Complete this stage: go to the next that was neither passed nor skipped."""
    kept, stage = state.kept, state.kept.stage
    others = {name: reason for name, reason in kept.skipped.items() if name != stage}
    done = tuple(name for name in kept.passed if name != stage)
    if skipped:
        kept = replace(kept, skipped={**others, stage: skipped}, passed=done)
    else:
        kept = replace(kept, skipped=others, passed=(*done, stage))
    after = [*stages_of(state)]
    rest = after[after.index(stage) + 1 :]
    ahead = [name for name in rest if name not in (*kept.passed, *kept.skipped)]
    return arrive(replace(state, kept=kept), ahead[0] if ahead else after[-1])


def fail(state: State, trouble: Trouble, detail: str = "") -> Outcome:
    """Show an error on the stage's page, where it can be retried."""
    return replace(state, trouble=trouble, detail=detail, is_busy=False), ()
