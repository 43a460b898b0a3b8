"""Help by SMS with the device's own modem, where the desk does not answer (K3, S3, S7).

The contacts are notified one after the other, and again from the first, until the desk has the request or a
contact has answered that they are coming. A sent message is never withdrawn, and nothing is shown that the
modem or a contact has not confirmed.
"""

from collections.abc import Iterator
from datetime import time
from typing import Literal, NamedTuple
from zlib import crc32
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from device.contract.documents import EscalationContact, HelpPolicy, View
from device.contract.events import HelpSentBySms, HelpTakenBySms
from device.contract.hours import in_office_hours
from device.rules.answer import is_answer, is_same_number, is_wrong_code
from device.rules.effects import Effect, Record, SendSms
from device.rules.events import Event, FaultChanged, InputRefused, SmsArrived, SmsChanged
from device.rules.health import complain
from device.rules.now import Now
from device.rules.state import Request, Sms, State, TextMessage

# Early enough that the modem has it within 20 s.
SMS_AFTER_S = 19.5
# Pauses between rounds: none, then growing.
_PAUSES_S = (0.0, 60.0, 180.0, 420.0, 600.0)
# Pause between attempts while nothing can be sent.
_RETRIES_S = (10.0, 20.0, 40.0, 60.0)
# A contact notified longer ago is notified again in any case.
MOST_KEPT = 20
# A spoofed number has this many guesses at the code of one request.
_MOST_WRONG_CODES = 3

Outcome = tuple[State, tuple[Effect, ...]]


class Recipient(NamedTuple):
    """A contact with the phone number to use now."""

    name: str
    number: str


def step(state: State, event: Event, now: Now) -> Outcome:
    """Notify the next contact, and handle answers."""
    help_ = state.requests.help
    if help_ is None:
        return _from_nobody(state, event, now)
    state = _follow(state, help_, now)
    effects: tuple[Effect, ...] = ()
    match event:
        case FaultChanged(part="https fallback", reason=reason) if reason and not state.link.connected:
            state = _first_at_once(state, now)
        case FaultChanged(part="modem", reason="") if state.sms.failures:
            state = _with(state, due_s=now.monotonic_s)
        case SmsChanged():
            state, effects = _changed(state, event, now)
        case SmsArrived():
            state, effects = _arrived(state, help_, event, now)
    state, asked = _ask(state, now)
    state, sent = _tell_who_goes(state, now)
    return state, (*effects, *asked, *sent)


def seconds_to_check(state: State, now: Now) -> float | None:
    """Return when the next contact is notified; None where nobody is."""
    if not _is_wanted(state) or not recipients(state, now):
        return None
    return max(0.0, state.sms.due_s - now.monotonic_s)


def recipients(state: State, now: Now) -> list[Recipient]:
    """Return all contacts in order, with the number for this hour; without a trusted clock, both numbers."""
    policy = _policy(state)
    if not now.trusted:
        return [each for contact in policy.contacts for each in _both(contact)]
    zone = ZoneInfo((state.documents.view or View(version=1)).time_zone)
    opens, until = time.fromisoformat(policy.office_from), time.fromisoformat(policy.office_until)
    is_office = in_office_hours(now.wall.astimezone(zone), opens, until, policy.office_closed_on)
    return [
        Recipient(each.name, each.office_phone if is_office else each.other_phone or each.office_phone)
        for each in policy.contacts
    ]


def newest_text(state: State) -> TextMessage | None:
    """Return the newest sent message: a delivered one before one that is only sent."""
    request = state.requests.help
    if request is None or request.id != state.sms.help_id:
        return None
    texts = [text for text in state.sms.sent if text.outcome in ("sent", "delivered")]
    arrived = [text for text in texts if text.outcome == "delivered"]
    return next(reversed(arrived or texts), None)


def _both(contact: EscalationContact) -> Iterator[Recipient]:
    yield Recipient(contact.name, contact.office_phone)
    if contact.other_phone and contact.other_phone != contact.office_phone:
        yield Recipient(contact.name, contact.other_phone)


def _follow(state: State, help_: Request, now: Now) -> State:
    """Start again for a new request, and after a reboot, when its clock has started again."""
    sms = state.sms
    if sms.help_id != help_.id:
        return replace(
            state,
            sms=Sms(help_id=help_.id, code=_code(help_.id, sms.code), due_s=now.monotonic_s + SMS_AFTER_S),
        )
    patience_s = _policy(state).sms_wait_s + _PAUSES_S[-1] if sms.sent else SMS_AFTER_S
    return _with(state, due_s=min(sms.due_s, now.monotonic_s + patience_s))


def _code(help_id: str, last: str) -> str:
    """Return four digits that identify the request and are not guessed in three attempts."""
    code = 1000 + crc32(help_id.encode()) % 9000
    return str(code) if str(code) != last else str(1000 + (code - 999) % 9000)


def _is_wanted(state: State) -> bool:
    help_ = state.requests.help
    return help_ is not None and help_.stage == "sending" and state.has_modem


def _first_at_once(state: State, now: Now) -> State:
    """Without link and HTTPS, send the first message at once: there is nothing to wait for."""
    return state if state.sms.sent else _with(state, due_s=min(state.sms.due_s, now.monotonic_s))


def _ask(state: State, now: Now) -> Outcome:
    if seconds_to_check(state, now) != 0.0:
        return state, ()
    sms, everybody = state.sms, recipients(state, now)
    place = sms.next if sms.next < len(everybody) else 0
    text = TextMessage(
        id=f"{now.id}-asks", name=everybody[place].name, number=everybody[place].number, place=place
    )
    is_last = place + 1 == len(everybody)
    pause_s = _PAUSES_S[min(sms.round, len(_PAUSES_S) - 1)] if is_last else 0.0
    state = _with(
        state,
        sent=(*sms.sent, text)[-MOST_KEPT:],
        next=0 if is_last else place + 1,
        round=sms.round + is_last,
        due_s=now.monotonic_s + _policy(state).sms_wait_s + pause_s,
    )
    return state, (SendSms(id=text.id, number=text.number, what="asks"),)


def _changed(state: State, event: SmsChanged, now: Now) -> Outcome:
    sms = state.sms
    text = next((each for each in sms.sent if each.id == event.id), None)
    if text is None or text.outcome in ("failed", event.outcome):
        return state, ()
    sent = tuple(replace(each, outcome=event.outcome) if each is text else each for each in sms.sent)
    record = Record(what=HelpSentBySms(help_id=sms.help_id, name=text.name, outcome=event.outcome))
    if event.outcome != "failed":
        return _with(state, sent=sent, failures=0), (record,)
    failures = sms.failures + 1
    state = _with(state, sent=sent, failures=failures)
    if text.id == sms.sent[-1].id:
        due_s = now.monotonic_s + _retry_s(failures, len(recipients(state, now)))
        state = _with(state, due_s=min(due_s, sms.due_s))
    # An identical failure is not reported every minute.
    is_news = not any(each.outcome == "failed" and each.name == text.name for each in sms.sent)
    return state, (record,) if is_news else ()


def _retry_s(failures: int, everybody: int) -> float:
    """Return the delay: none for the next contact, some when nobody could be reached."""
    rounds, rest = divmod(failures, max(1, everybody))
    return 0.0 if rest else _RETRIES_S[min(rounds, len(_RETRIES_S)) - 1]


def _arrived(state: State, help_: Request, event: SmsArrived, now: Now) -> Outcome:
    sender = _contact(state, event.number)
    if sender is None:
        return _from_nobody(state, event, now)
    if state.sms.wrong_codes.count(sender.number) >= _MOST_WRONG_CODES:
        reason = f"too many text messages with a wrong code from {sender.name}: this one was not read"
        return complain(state, InputRefused(source="text message", reason=reason), now)
    if is_wrong_code(event.text, state.sms.code):
        state = _with(state, wrong_codes=(*state.sms.wrong_codes, sender.number))
    if is_answer(event.text, state.sms.code):
        return _answered(state, help_, sender, now)
    reason = f"a text message from {sender.name} was not the answer that was asked for"
    state, effects = complain(state, InputRefused(source="text message", reason=reason), now)
    is_asked = help_.stage in ("sending", "received") and state.sms.sent
    if not is_asked or sender.number in state.sms.hinted:
        return state, effects
    state = _with(state, hinted=(*state.sms.hinted, sender.number))
    return state, (*effects, _reply(sender, "how-to-answer", now))


def _answered(state: State, help_: Request, sender: Recipient, now: Now) -> Outcome:
    """Accept the first who is coming; those who answer later are informed who it is."""
    if help_.stage == "closed":
        return state, (_reply(sender, "over", now),)
    record = Record(what=HelpTakenBySms(help_id=help_.id, name=sender.name))
    if help_.stage in ("taken", "arrived"):
        if help_.by == sender.name or sender.number in state.sms.late:
            return state, ()
        state = _with(state, late=(*state.sms.late, sender.number))
        return state, (record, _reply(sender, "already-taken", now, help_.by))
    taken = replace(help_, stage="taken", by=sender.name, taken_at=now.wall)
    state = replace(state, requests=replace(state.requests, help=taken))
    state, sent = _tell_others(state, sender.name, now)
    return state, (record, _reply(sender, "thanks", now), *sent)


def _from_nobody(state: State, event: Event, now: Now) -> Outcome:
    if not isinstance(event, SmsArrived):
        return state, ()
    sender = _contact(state, event.number)
    reason = (
        f"a text message from {sender.name} came while nobody waits for help"
        if sender
        else "a text message came from a number that is no contact's"
    )
    return complain(state, InputRefused(source="text message", reason=reason), now)


def _tell_who_goes(state: State, now: Now) -> Outcome:
    """Inform the notified contacts when somebody of the desk is coming: they need not."""
    help_ = state.requests.help
    if help_ is None or help_.stage not in ("taken", "arrived") or state.sms.sent_who_comes:
        return state, ()
    return _tell_others(state, "", now)


def _tell_others(state: State, taker: str, now: Now) -> Outcome:
    """Inform all notified contacts except the one who is coming."""
    goes = state.requests.help.by if state.requests.help else taker
    sent = [each for each in state.sms.sent if each.outcome != "failed" and each.name != taker]
    effects = tuple(
        SendSms(id=f"{now.id}-goes-{index}", number=number, what="somebody-goes", name=goes)
        for index, number in enumerate(dict.fromkeys(each.number for each in sent))
    )
    return _with(state, sent_who_comes=True), effects


def _reply(
    to: Recipient,
    what: Literal["thanks", "already-taken", "over", "how-to-answer"],
    now: Now,
    name: str = "",
) -> SendSms:
    return SendSms(id=f"{now.id}-{what}", number=to.number, what=what, name=name)


def _contact(state: State, number: str) -> Recipient | None:
    """Return the contact with this number, current or previous."""
    known = [each for contact in _policy(state).contacts for each in _both(contact)]
    known += [Recipient(each.name, each.number) for each in state.sms.sent]
    return next((each for each in known if is_same_number(each.number, number)), None)


def _policy(state: State) -> HelpPolicy:
    return state.documents.policy.help if state.documents.policy else HelpPolicy()


def _with(state: State, **changes: object) -> State:
    sms = replace(state.sms, **changes)
    return state if sms == state.sms else replace(state, sms=sms)
