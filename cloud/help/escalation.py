"""The escalation of unanswered requests: a pure function without clock and database (K3, S1, S3).

The desk's own board rings from the first moment. After 60 s, or at once where no board rings, the first
contact is notified, after 60 s more the next one, and so on; after 180 s, or as soon as was agreed, the
partner, who is notified repeatedly until somebody answers. Where a delivery fails, the next step is due at
once. The escalation has no end: only an answer stops it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from cloud.help.hours import OfficeHours

CONTACT_AFTER = timedelta(seconds=60)
PARTNER_AFTER = timedelta(seconds=180)
# Delays before a failed channel with confirmation is tried again.
BACK_OFF = tuple(timedelta(seconds=seconds) for seconds in (5, 15, 45))
# A step in the future was recorded before the clock was set back: it is not waited for.
CLOCK_SET_BACK = timedelta(seconds=30)
PARTNER = "partner"

Way = Literal["email", "webhook", "scaip", "none"]
CONFIRMING: tuple[Way, ...] = ("scaip", "webhook")


class Attempt(NamedTuple):
    """One notification attempt, identified by its place in the escalation.

    Round 0 is the first pass; each later round notifies the partner again.
    """

    round: int
    who: str
    way: Way
    attempt: int = 1

    @property
    def key(self) -> str:
        """Return the unique key of this step."""
        return f"{self.round}/{self.who}/{self.way}/{self.attempt}"


@dataclass(frozen=True)
class Contact:
    """A contact who is notified before the partner; without another number the office one is used."""

    id: int
    name: str
    office_phone: str = ""
    other_phone: str = ""
    email: str = ""
    kind: Literal["contact", "rota"] = "contact"
    # Decides in the resident's matters.
    decides: bool = False

    @property
    def who(self) -> str:
        """Return the contact's identity within a step."""
        return f"{self.kind}-{self.id}"

    def phone(self, hours: OfficeHours, moment: datetime) -> str:
        """Return the phone number at this moment."""
        return self.office_phone if hours.at(moment) else self.other_phone or self.office_phone


@dataclass(frozen=True)
class Partner:
    """The monitoring partner and its channels, the best first."""

    name: str = ""
    ways: tuple[Way, ...] = ()
    again: timedelta = timedelta(minutes=5)
    after: timedelta = PARTNER_AFTER


@dataclass(frozen=True)
class Asked:
    """The request: its time, whether it was answered, and the resident's office hours.

    ``on_board`` is whether a board rings for it now.
    """

    received_at: datetime
    is_answered: bool
    hours: OfficeHours
    on_board: bool = True

    @property
    def board_wait(self) -> timedelta:
        """Return how long only the board rings."""
        return CONTACT_AFTER if self.on_board else timedelta()


@dataclass(frozen=True)
class Tried:
    """A past step: its start, and whether the delivery succeeded."""

    attempt: Attempt
    at: datetime
    succeeded: bool


@dataclass(frozen=True)
class Step:
    """The next step and its time; ``phone`` is the number at that time."""

    attempt: Attempt
    due_at: datetime
    name: str
    phone: str = ""


def next_step(
    asked: Asked, contacts: Sequence[Contact], partner: Partner, tried: Sequence[Tried], now: datetime
) -> Step | None:
    """Return the next step, due now or later; None once answered. ``tried`` is in order of time."""
    if asked.is_answered:
        return None
    return min(_Ladder(asked, contacts, partner, tried, now).candidates(), key=lambda step: step.due_at)


@dataclass(frozen=True)
class _Ladder:
    asked: Asked
    contacts: Sequence[Contact]
    partner: Partner
    tried: Sequence[Tried]
    now: datetime

    def candidates(self) -> Iterator[Step]:
        """Yield possible steps, at least one: the partner is notified in this round or again in the next."""
        yield from self._contact()
        yield from self._partner() if self._partner_tried else self._partner_first()

    @property
    def _round(self) -> int:
        return max((each.attempt.round for each in self.tried), default=0)

    @property
    def _partner_tried(self) -> list[Tried]:
        return [each for each in self._of(self._round) if each.attempt.who == PARTNER]

    def _of(self, round_: int) -> list[Tried]:
        return [each for each in self.tried if each.attempt.round == round_]

    def _people(self, round_: int) -> tuple[list[Tried], list[Contact]]:
        """Return the contacts tried in this round, and the remaining ones."""
        tried = [each for each in self._of(round_) if each.attempt.who != PARTNER]
        names = {each.attempt.who for each in tried}
        return tried, [contact for contact in self.contacts if contact.who not in names]

    def _contact(self) -> Iterator[Step]:
        tried, left = self._people(0)
        if left:
            first = self._since_received(self.asked.board_wait)
            at = self._after(tried[-1].at, _wait(tried[-1])) if tried else first
            yield self._tell(0, left[0], at)
            return
        # Where the partner cannot be notified again, everybody else is.
        failed, left = self._partner_tried, self._people(self._round)[1]
        if self._round > 0 and left and failed and not any(each.succeeded for each in failed):
            yield self._tell(self._round, left[0], failed[-1].at)

    def _tell(self, round_: int, contact: Contact, at: datetime) -> Step:
        way: Way = "email" if contact.email else "none"
        phone = contact.phone(self.asked.hours, max(at, self.now))
        return Step(Attempt(round_, contact.who, way), at, contact.name, phone)

    def _partner_first(self) -> Iterator[Step]:
        """Return the partner's step in round 0: after its delay, or at once without other recipients."""
        at = self._since_received(self.partner.after)
        tried, left = self._people(0)
        if not left and not tried:
            at = min(at, self._since_received(self.asked.board_wait))
        elif not left and not tried[-1].succeeded:
            at = min(at, tried[-1].at)
        yield self._to_partner(0, self._ways[0], at)

    def _partner(self) -> Iterator[Step]:
        tried = self._partner_tried
        untried = [way for way in self._ways if way not in {each.attempt.way for each in tried}]
        if untried and not any(each.succeeded for each in tried):
            yield self._to_partner(self._round, untried[0], tried[-1].at)
        for way in CONFIRMING:
            hooks = [each for each in tried if each.attempt.way == way]
            if hooks and not hooks[-1].succeeded and len(hooks) <= len(BACK_OFF):
                at = self._after(hooks[-1].at, BACK_OFF[len(hooks) - 1])
                yield self._to_partner(self._round, way, at, len(hooks) + 1)
        yield self._to_partner(self._round + 1, self._ways[0], self._after(tried[0].at, self.partner.again))

    def _to_partner(self, round_: int, way: Way, at: datetime, attempt: int = 1) -> Step:
        return Step(Attempt(round_, PARTNER, way, attempt), at, self.partner.name)

    @property
    def _ways(self) -> tuple[Way, ...]:
        return self.partner.ways or ("none",)

    def _since_received(self, wait: timedelta) -> datetime:
        return self._after(self.asked.received_at, wait)

    def _after(self, at: datetime, wait: timedelta) -> datetime:
        return self.now if at > self.now + CLOCK_SET_BACK else at + wait


def _wait(last: Tried) -> timedelta:
    return CONTACT_AFTER if last.succeeded else timedelta()
