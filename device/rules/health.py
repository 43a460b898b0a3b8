"""The device's health for the desk: heartbeats, faults, rejected input."""

from msgspec.structs import replace

from device.contract.events import InputRejected, Started
from device.contract.vital import Fault, Heartbeat
from device.rules.effects import Effect, Record, SendHeartbeat
from device.rules.events import Began, Event, FaultChanged, InputRefused, LinkChanged
from device.rules.now import Now
from device.rules.state import State

HEARTBEAT_INTERVAL_S = 60.0
# An identical complaint is sent once in this time, and at most this many different ones.
QUIET_S = 600.0
MOST_COMPLAINTS = 20


def step(state: State, event: Event, now: Now) -> tuple[State, tuple[Effect, ...]]:
    """Collect faults; send a heartbeat each minute, on each connection, and when a fault begins or ends."""
    state, effects = _collect(state, event, now)
    is_due = now.monotonic_s >= state.heartbeat_due_s or isinstance(event, LinkChanged)
    if state.link.connected and (is_due or faults(state, now) != state.reported_faults):
        state, beat = _beat(state, now)
        effects += beat
    return state, effects


def _collect(state: State, event: Event, now: Now) -> tuple[State, tuple[Effect, ...]]:
    match event:
        case Began(version=version, has_modem=has_modem, language=language):
            state = replace(state, version=version, has_modem=has_modem, first_language=language)
            state = replace(state, began_s=now.monotonic_s)
            return state, (Record(what=Started(version=version)),)
        case FaultChanged(part=part, reason=reason):
            others = tuple(fault for fault in state.faults if fault.part != part)
            news = (Fault(part=part, reason=reason[:300]),) if reason else ()
            return replace(state, faults=others + news), ()
        case InputRefused():
            return complain(state, event, now)
    return state, ()


def complain(state: State, event: InputRefused, now: Now) -> tuple[State, tuple[Effect, ...]]:
    """Report it to the desk once: a desk that answers every event with nonsense must not cause a loop."""
    recent = {key: at_s for key, at_s in state.complaints.items() if now.monotonic_s - at_s < QUIET_S}
    key = f"{event.source}: {event.reason}"
    if key in recent or len(recent) >= MOST_COMPLAINTS:
        return state, ()
    what = InputRejected(source=event.source[:300], reason=event.reason[:300], path=event.path[:300])
    return replace(state, complaints={**recent, key: now.monotonic_s}), (Record(what=what),)


def _beat(state: State, now: Now) -> tuple[State, tuple[Effect, ...]]:
    due_s = now.monotonic_s + HEARTBEAT_INTERVAL_S
    state = replace(state, heartbeat_due_s=due_s, reported_faults=faults(state, now))
    return state, (SendHeartbeat(heartbeat=heartbeat(state, now)),)


def heartbeat(state: State, now: Now) -> Heartbeat:
    """Return the current heartbeat; the core adds the outbox size and the fitted components."""
    return Heartbeat(
        version=state.version,
        uptime_s=round(max(0.0, now.monotonic_s - state.began_s), 1),
        clock_trusted=now.trusted,
        screen_silent_s=round(max(0.0, now.monotonic_s - max(state.window.heard_s, state.began_s)), 1),
        outbox=0,
        faults=list(faults(state, now)),
    )


def faults(state: State, now: Now) -> tuple[Fault, ...]:
    """Return all current faults, in words for the desk and the installer."""
    found = list(state.faults)
    if not now.trusted:
        found.append(Fault(part="clock", reason="the clock is not synchronised; the time is not shown"))
    if not state.window.attached:
        found.append(Fault(part="screen", reason="the screen's window is not running"))
    if not state.link.connected and state.link.reason:
        found.append(Fault(part="link", reason=state.link.reason[:300]))
    known = {fault.part for fault in found}
    return (*found, *(fault for fault in state.self_test.faults if fault.part not in known))
