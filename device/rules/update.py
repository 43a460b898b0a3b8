"""Software updates: downloaded when the line is free, installed at night, kept if they work (K16)."""

from typing import Literal
from zlib import crc32
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from device.contract.documents import View
from device.contract.events import SoftwareUpdated
from device.rules.effects import (
    Effect,
    FetchRelease,
    ForgetReturn,
    InstallRelease,
    KeepRelease,
    Record,
    ReturnRelease,
    StartSelfTest,
    StopFetch,
)
from device.rules.events import (
    Event,
    EventsReceived,
    FetchEnded,
    ReleaseFetched,
    ReleaseRefused,
    SelfTestFinished,
    SoftwareBegan,
    Ticked,
    WindowPainted,
)
from device.rules.local_time import is_within
from device.rules.now import Now
from device.rules.queue import open_visit_id
from device.rules.state import RefusedReleases, State, Trial, Update

FROM, UNTIL = "02:30", "04:30"
ASK_S = 6 * 3600.0
# A start is over by then, and what it has to do goes before.
FIRST_ASK_S = 60.0
FIRST_RETRY_S, LAST_RETRY_S = 300.0, 6 * 3600.0
AFTER_A_CALL_S = 120.0
# A forgotten visit or seat does not block updates for ever.
LOCK_ENDS_S = 24 * 3600.0
# A release must prove itself within this time.
TRIAL_S = 600.0
TEST_AGAIN_S = 60.0
MOST_REFUSED = 50
_NOT_HEARD = {"sound", "speaker", "microphone", "self-test"}

Outcome = tuple[State, tuple[Effect, ...]]
Stage = Literal["fetched", "installed", "returned", "refused"]


def step(state: State, event: Event, now: Now) -> Outcome:
    """Download, install, judge the release on trial, and report each step."""
    state = _with_lock(state, now)
    match event:
        case SoftwareBegan():
            return _begun(state, event, now)
        case ReleaseFetched(version=version, number=number):
            state = _with(state, running=False, waiting=(version, number), ask_due_s=now.monotonic_s + ASK_S)
            return state, (_report("fetched", version, number),)
        case ReleaseRefused(version=version, number=number, reason=reason):
            state = _refuse(_with(state, running=False, ask_due_s=now.monotonic_s + ASK_S), number)
            return state, (_report("refused", version, number, reason),)
        case FetchEnded(reason=reason):
            return _fetch_ended(state, reason, now), ()
    if not state.update.is_on:
        return state, ()
    if state.update.trial:
        return _judge(state, state.update.trial, event, now)
    return _ticked(state, now) if isinstance(event, Ticked) else (state, ())


def _begun(state: State, event: SoftwareBegan, now: Now) -> Outcome:
    effects: tuple[Effect, ...] = ()
    if event.returned:
        version, number = event.returned
        state = _refuse(state, number)
        effects = (_report("returned", version, number, event.returned_reason), ForgetReturn())
    trial = Trial(release=event.trial, until_s=now.monotonic_s + TRIAL_S) if event.trial else None
    first_s = FIRST_ASK_S + crc32(now.id.encode()) % max(event.spread_s, 1)
    waiting = (
        event.waiting if event.waiting and event.waiting[1] not in state.refused_releases.numbers else None
    )
    update = Update(is_on=True, ask_due_s=now.monotonic_s + first_s, waiting=waiting, trial=trial)
    return replace(state, update=update), effects


def _ticked(state: State, now: Now) -> Outcome:
    known = state.update
    if known.running and state.call is not None:
        # A call has priority on the line; what was downloaded stays.
        return _with(state, running=False, ask_due_s=now.monotonic_s + AFTER_A_CALL_S), (StopFetch(),)
    if known.waiting and not known.running and _may_install(state, now):
        return _with(state, waiting=None), (InstallRelease(),)
    may_ask = state.link.connected and state.call is None and not known.running
    if may_ask and now.monotonic_s >= known.ask_due_s:
        return _with(state, running=True), (FetchRelease(refused=state.refused_releases.numbers),)
    return state, ()


def _judge(state: State, trial: Trial, event: Event, now: Now) -> Outcome:
    """Confirm a release that painted, reached the desk and has working sound; roll back any other."""
    effects: tuple[Effect, ...] = ()
    match event:
        case WindowPainted():
            trial = replace(trial, painted=True)
        case EventsReceived():
            trial = replace(trial, received=True)
        case SelfTestFinished(id=id_, found=found) if id_ == trial.test:
            is_heard = not any(fault.part in _NOT_HEARD for fault in found)
            trial = replace(trial, test="", heard=is_heard, test_due_s=now.monotonic_s + TEST_AGAIN_S)
        case Ticked() if _may_test(state, trial, now):
            trial = replace(trial, test=now.id, test_due_s=now.monotonic_s + TEST_AGAIN_S)
            effects = (StartSelfTest(id=now.id),)
    version, number = trial.release
    if trial.painted and trial.received and trial.heard:
        return _with(state, trial=None), (KeepRelease(), _report("installed", version, number))
    if isinstance(event, Ticked) and now.monotonic_s >= trial.until_s and not _is_locked(state, now):
        return _refuse(_with(state, trial=None), number), (ReturnRelease(reason=_missing(trial)),)
    return (state if trial == state.update.trial else _with(state, trial=trial)), effects


def _may_test(state: State, trial: Trial, now: Now) -> bool:
    """Return whether an interrupted self-test may be retried."""
    is_due = not trial.heard and now.monotonic_s >= trial.test_due_s
    return is_due and not state.self_test.running and not _is_in_use(state)


def _missing(trial: Trial) -> str:
    if not trial.painted:
        return "nothing was painted"
    return "the speaker was not heard" if trial.received else "the desk did not answer"


def _may_install(state: State, now: Now) -> bool:
    # Without a link it could not prove itself.
    return state.link.connected and is_out_of_the_way(state, now)


def is_out_of_the_way(state: State, now: Now) -> bool:
    """Return whether it is night where the resident is, and nobody uses the device."""
    view = state.documents.view or View(version=1)
    local = now.wall.astimezone(ZoneInfo(view.time_zone)).strftime("%H:%M")
    return is_within(local, FROM, UNTIL) and not _is_locked(state, now)


def _is_in_use(state: State) -> bool:
    is_asking = state.requests.help_is_open or state.press.stage != "none"
    is_talking = state.call is not None or state.seat is not None or bool(open_visit_id(state))
    return is_asking or is_talking or state.remote_view is not None or bool(state.self_test.running)


def _is_locked(state: State, now: Now) -> bool:
    since_s = state.update.used_since_s
    return since_s is not None and (state.call is not None or now.monotonic_s - since_s < LOCK_ENDS_S)


def _with_lock(state: State, now: Now) -> State:
    since_s = state.update.used_since_s
    if _is_in_use(state) == (since_s is not None):
        return state
    return _with(state, used_since_s=now.monotonic_s if since_s is None else None)


def _fetch_ended(state: State, reason: str, now: Now) -> State:
    if not reason:
        return _with(state, running=False, failures=0, ask_due_s=now.monotonic_s + ASK_S)
    failures = state.update.failures
    wait_s = min(FIRST_RETRY_S * 2.0**failures, LAST_RETRY_S)
    return _with(state, running=False, failures=min(failures + 1, 10), ask_due_s=now.monotonic_s + wait_s)


def _refuse(state: State, number: int) -> State:
    numbers = (*(each for each in state.refused_releases.numbers if each != number), number)
    return replace(state, refused_releases=RefusedReleases(numbers=numbers[-MOST_REFUSED:]))


def _report(stage: Stage, version: str, number: int, reason: str = "") -> Record:
    return Record(what=SoftwareUpdated(version=version, number=number, stage=stage, reason=reason[:300]))


def _with(state: State, **changes: object) -> State:
    return replace(state, update=replace(state.update, **changes))
