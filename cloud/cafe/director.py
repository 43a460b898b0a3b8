"""Selects the participant whose video is shown large, from speech activity. Pure."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

HOLD_S = 2.0
UNBROKEN_SPEECH_S = 0.5
SHOWN_SILENT_S = 1.2
# Two who interleave: who has just spoken is shown again only for a longer speech, and the one from whom the
# picture was taken, after a whole sentence, for one that is longer still.
RECENT_S = 3.0
INTERLEAVED_SPEECH_S = 1.2
# The SFU measures fifths of a second, and reports a sentence of 1 s as 0.8 s at least: between two steps.
SENTENCE_S = 0.7
RETURNING_SPEECH_S = 3.0
# The SFU keeps reporting speech of somebody who muted or disconnected while speaking.
BELIEVED_SPEECH_S = 30.0


@dataclass(frozen=True)
class Joined:
    """A participant with video sits down."""

    person: str


@dataclass(frozen=True)
class Left:
    """A participant has left, or sends no video any more."""

    person: str


@dataclass(frozen=True)
class Speaks:
    """The SFU detects that a participant begins to speak."""

    person: str


@dataclass(frozen=True)
class Silent:
    """A participant stopped speaking, was muted, or sends no audio any more."""

    person: str


@dataclass(frozen=True)
class Tick:
    """Only time has passed: a speaker may have been silent long enough."""


Event = Joined | Left | Speaks | Silent | Tick


@dataclass(frozen=True)
class Table:
    """Participants with video, since when each speaks, and who is shown since when.

    ``spoke`` is when each last began and stopped.
    """

    present: frozenset[str] = frozenset()
    speaking_since: Mapping[str, float] = field(default_factory=dict)
    spoke: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    shown: str | None = None
    shown_since: float = 0.0
    shown_silent_since: float = 0.0
    shown_before: str | None = None

    def seen_by(self, viewer: str) -> str | None:
        """Return the participant that this viewer sees, never themselves."""
        if self.shown != viewer:
            return self.shown
        if self.shown_before in self.present:
            return self.shown_before
        return min(self.present - {viewer}, default=None)


def step(table: Table, event: Event, now_s: float) -> Table:
    """Return the table after the event; the caller switches those whose `seen_by` changed."""
    table = _doubt_long_speech(_after(table, event, now_s), now_s)
    following = _next_shown(table, now_s)
    return table if following == table.shown else _show(table, following, now_s)


def next_look_s(table: Table) -> float | None:
    """Return when a `Tick` could show somebody else, or None while only an event can."""
    others = [person for person in table.speaking_since if person != table.shown]
    if not others:
        return None
    taken_over = [_takes_over_s(table, person) for person in others]
    if table.shown is not None and table.shown in table.speaking_since:
        # Once their speech is doubted, they count as silent, and the patience with that begins.
        taken_over.append(table.speaking_since[table.shown] + BELIEVED_SPEECH_S)
    return max(table.shown_since + HOLD_S, min(taken_over))


def _after(table: Table, event: Event, now_s: float) -> Table:
    match event:
        case Joined(person):
            return replace(table, present=table.present | {person})
        case Left(person):
            return replace(_silenced(table, person, now_s), present=table.present - {person})
        case Speaks(person) if person in table.present and person not in table.speaking_since:
            return replace(table, speaking_since={**table.speaking_since, person: now_s})
        case Silent(person):
            return _silenced(table, person, now_s)
        case _:
            return table


def _silenced(table: Table, person: str, now_s: float) -> Table:
    if person not in table.speaking_since:
        return table
    speaking = {other: since for other, since in table.speaking_since.items() if other != person}
    silent_since = now_s if person == table.shown else table.shown_silent_since
    spoke = {**table.spoke, person: (table.speaking_since[person], now_s)}
    return replace(table, speaking_since=speaking, spoke=spoke, shown_silent_since=silent_since)


def _doubt_long_speech(table: Table, now_s: float) -> Table:
    for person, since in table.speaking_since.items():
        if now_s >= since + BELIEVED_SPEECH_S:
            table = _silenced(table, person, now_s)
    return table


def _next_shown(table: Table, now_s: float) -> str | None:
    if table.shown not in table.present:
        return _latest(table.speaking_since) or min(table.present, default=None)
    if now_s < table.shown_since + HOLD_S:
        return table.shown
    ready = {
        person: since
        for person, since in table.speaking_since.items()
        if person != table.shown and now_s >= _takes_over_s(table, person)
    }
    return _latest(ready) or table.shown


def _takes_over_s(table: Table, person: str) -> float:
    """Return when somebody else who speaks may be shown, but for the hold."""
    since_s, patience_s = table.speaking_since[person], _patience_s(table, person)
    # Only speech that began after the last switch takes over: endless speech would win each time.
    steady_s = since_s + patience_s if since_s >= table.shown_since else math.inf
    if table.shown in table.speaking_since:
        return steady_s
    return min(steady_s, table.shown_silent_since + max(SHOWN_SILENT_S, patience_s))


def _patience_s(table: Table, person: str) -> float:
    """Return for how long they must speak without a break."""
    began_s, stopped_s = table.spoke.get(person, (-math.inf, -math.inf))
    if table.speaking_since[person] >= stopped_s + RECENT_S:
        return UNBROKEN_SPEECH_S
    returns = person == table.shown_before and stopped_s >= began_s + SENTENCE_S
    return RETURNING_SPEECH_S if returns else INTERLEAVED_SPEECH_S


def _latest(speaking_since: Mapping[str, float]) -> str | None:
    return max(speaking_since, key=lambda person: (speaking_since[person], person), default=None)


def _show(table: Table, person: str | None, now_s: float) -> Table:
    return replace(table, shown=person, shown_since=now_s, shown_silent_since=now_s, shown_before=table.shown)
