"""The state machine of a table's session, for café and events (V21, V24).

Leaving is not ending: a session ends at its hour, for all when a host ends it, or, where set so, when its
last host has left.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import Enum

LINE_GRACE_S = 60.0
ANSWER_S = 60.0
CLOSING_WORD_S = 300.0
SEATS_AT_MOST = 50


class Reason(Enum):
    """Why somebody is no longer at the table, or was not admitted."""

    LEFT = "left"
    LINE_LOST = "line_lost"
    NO_ANSWER = "no_answer"
    SHOWN_OUT = "shown_out"
    HOST_LEFT = "host_left"
    ENDED_FOR_ALL = "ended_for_all"
    CLOSED = "closed"
    FULL = "full"


@dataclass(frozen=True)
class Join:
    """An admitted person joins, or reconnects."""

    person: str


@dataclass(frozen=True)
class Leave:
    """A person leaves voluntarily: the place is given up at once, without grace."""

    person: str


@dataclass(frozen=True)
class LineLost:
    """A person's connection was lost."""

    person: str


@dataclass(frozen=True)
class StillHere:
    """A person answered that they are still there."""

    person: str


@dataclass(frozen=True)
class Mute:
    """A host mutes one person, or all but the hosts where nobody is named."""

    by: str
    person: str | None = None


@dataclass(frozen=True)
class ShowOut:
    """A host removes a person, who may not come back."""

    by: str
    person: str


@dataclass(frozen=True)
class EndForAll:
    """A host ends the session for everybody."""

    by: str


@dataclass(frozen=True)
class EndByDesk:
    """The desk ends the session for everybody."""


@dataclass(frozen=True)
class Tick:
    """Only time has passed: seats and the session may have reached their limits."""


Event = Join | Leave | LineLost | StillHere | Mute | ShowOut | EndForAll | EndByDesk | Tick


@dataclass(frozen=True)
class Seated:
    """Connect the person's audio and video."""

    person: str


@dataclass(frozen=True)
class Refused:
    """Tell the person why they are not admitted."""

    person: str
    reason: Reason


@dataclass(frozen=True)
class Gone:
    """Close the person's connections, and tell them why."""

    person: str
    reason: Reason


@dataclass(frozen=True)
class AskStillHere:
    """Ask whether the person is still there."""

    person: str
    until_s: float


@dataclass(frozen=True)
class Muted:
    """Mute this person until they unmute themselves."""

    person: str


@dataclass(frozen=True)
class SayClosing:
    """Announce at the table that it closes soon."""

    closes_s: float


@dataclass(frozen=True)
class Ended:
    """The session is over: no device rings for it any more."""

    reason: Reason


Effect = Seated | Refused | Gone | AskStillHere | Muted | SayClosing | Ended


@dataclass(frozen=True)
class Rules:
    """The organisation's settings for this session."""

    hosts: frozenset[str]
    closes_s: float
    ends_when_hosts_leave: bool = False
    asks_after_s: float = 3600.0
    # Whether the café, but not an event, may be joined again after an early end.
    may_begin_again: bool = False


@dataclass(frozen=True)
class Seat:
    """One person at the table."""

    asks_s: float
    lost_s: float | None = None
    asked: bool = False


@dataclass(frozen=True)
class Session:
    """The current state of the session."""

    rules: Rules
    seats: dict[str, Seat] = field(default_factory=dict)
    shown_out: frozenset[str] = frozenset()
    closing_said: bool = False
    ended: Reason | None = None

    @property
    def people(self) -> frozenset[str]:
        """Who has a place at the table."""
        return frozenset(self.seats)

    @property
    def away(self) -> frozenset[str]:
        """Mark a participant as lost: the seat is kept for a while, and the others do not see it."""
        return frozenset(person for person, seat in self.seats.items() if seat.lost_s is not None)


Step = tuple[Session, list[Effect]]


def step(session: Session, event: Event, now_s: float) -> Step:
    """Return the session after the event, with the effects; timeouts are handled first."""
    session, effects = _pass_time(session, now_s)
    if session.ended:
        refused: list[Effect] = [Refused(event.person, session.ended)] if isinstance(event, Join) else []
        return session, effects + refused
    session, more = _handle(session, event, now_s)
    return session, effects + more


def next_look_s(session: Session) -> float | None:
    """Return when a `Tick` has something to do, or None once the session has ended."""
    if session.ended:
        return None
    closing_s = session.rules.closes_s - (0 if session.closing_said else CLOSING_WORD_S)
    return min([closing_s, *(_seat_look_s(seat) for seat in session.seats.values())])


def _seat_look_s(seat: Seat) -> float:
    answer_s = seat.asks_s + (ANSWER_S if seat.asked else 0)
    return answer_s if seat.lost_s is None else min(answer_s, seat.lost_s + LINE_GRACE_S)


def _handle(session: Session, event: Event, now_s: float) -> Step:
    match event:
        case Join(person):
            return _join(session, person, now_s)
        case Leave(person):
            return _vacate(session, [(person, Reason.LEFT)])
        case LineLost(person) if person in session.seats:
            seat = session.seats[person]
            # A second loss of the same connection does not restart the grace time.
            lost_s = now_s if seat.lost_s is None else seat.lost_s
            return _with_seat(session, person, replace(seat, lost_s=lost_s)), []
        case StillHere(person) if person in session.seats:
            seat = replace(session.seats[person], asks_s=now_s + session.rules.asks_after_s, asked=False)
            return _with_seat(session, person, seat), []
        case EndByDesk():
            return _end(session, Reason.ENDED_FOR_ALL)
        case Mute() | ShowOut() | EndForAll() if (
            event.by in session.rules.hosts and event.by in session.seats
        ):
            return _obey_host(session, event)
        case _:
            return session, []


def _obey_host(session: Session, event: Mute | ShowOut | EndForAll) -> Step:
    match event:
        case Mute(person=None):
            return session, [Muted(person) for person in session.seats if person not in session.rules.hosts]
        case Mute(person=str(person)):
            return session, [Muted(person)] if person in session.seats else []
        case ShowOut(person=person) if person not in session.rules.hosts:
            session = replace(session, shown_out=session.shown_out | {person})
            return _vacate(session, [(person, Reason.SHOWN_OUT)])
        case EndForAll():
            return _end(session, Reason.ENDED_FOR_ALL)
        case _:
            return session, []


def _join(session: Session, person: str, now_s: float) -> Step:
    if person in session.shown_out:
        return session, [Refused(person, Reason.SHOWN_OUT)]
    seat = session.seats.get(person)
    if seat is None and len(session.seats) >= SEATS_AT_MOST:
        return session, [Refused(person, Reason.FULL)]
    seat = replace(seat, lost_s=None) if seat else Seat(now_s + session.rules.asks_after_s)
    return _with_seat(session, person, seat), [Seated(person)]


def _pass_time(session: Session, now_s: float) -> Step:
    if session.ended:
        return session, []
    if now_s >= session.rules.closes_s:
        return _end(session, Reason.CLOSED)
    effects: list[Effect] = []
    if not session.closing_said and now_s >= session.rules.closes_s - CLOSING_WORD_S:
        session = replace(session, closing_said=True)
        effects.append(SayClosing(session.rules.closes_s))
    session, gone = _vacate(session, list(_overdue(session, now_s)))
    if session.ended:
        return session, effects + gone
    session, asked = _ask(session, now_s)
    return session, effects + gone + asked


def _overdue(session: Session, now_s: float) -> Iterator[tuple[str, Reason]]:
    for person, seat in session.seats.items():
        if seat.lost_s is not None and now_s >= seat.lost_s + LINE_GRACE_S:
            yield person, Reason.LINE_LOST
        elif seat.asked and now_s >= seat.asks_s + ANSWER_S:
            yield person, Reason.NO_ANSWER


def _ask(session: Session, now_s: float) -> Step:
    due = [person for person, seat in session.seats.items() if not seat.asked and now_s >= seat.asks_s]
    for person in due:
        session = _with_seat(session, person, replace(session.seats[person], asks_s=now_s, asked=True))
    return session, [AskStillHere(person, now_s + ANSWER_S) for person in due]


def _vacate(session: Session, leaving: Iterable[tuple[str, Reason]]) -> Step:
    gone = {person: reason for person, reason in leaving if person in session.seats}
    seats = {person: seat for person, seat in session.seats.items() if person not in gone}
    hosts = session.rules.hosts
    session = replace(session, seats=seats)
    effects: list[Effect] = [Gone(person, reason) for person, reason in gone.items()]
    if session.rules.ends_when_hosts_leave and hosts & gone.keys() and not hosts & seats.keys():
        session, ending = _end(session, Reason.HOST_LEFT)
        effects += ending
    return session, effects


def _end(session: Session, reason: Reason) -> Step:
    gone: list[Effect] = [Gone(person, reason) for person in session.seats]
    return replace(session, seats={}, ended=reason), [*gone, Ended(reason)]


def _with_seat(session: Session, person: str, seat: Seat) -> Session:
    return replace(session, seats={**session.seats, person: seat})


def with_rules(session: Session, rules: Rules) -> Session:
    """Return the session with new rules: hosts and hours may have changed."""
    closing_said = session.closing_said and rules.closes_s == session.rules.closes_s
    return replace(session, rules=rules, closing_said=closing_said)
