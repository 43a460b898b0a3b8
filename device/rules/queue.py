"""The resident's visit to a customer-service queue: joining, writing, leaving (Q4-Q10).

The desk's document has the visit's state; local actions are in the outbox until the desk has them.
"""

from datetime import datetime
from typing import Any

from msgspec.structs import replace

from device.contract import queue as contract
from device.contract.queue import QueueDocument, QueueVisit
from device.rules.effects import Effect, Play, Record, SayInLine, SayMessage
from device.rules.events import DocumentArrived, Event, Intended, Ticked
from device.rules.now import Now
from device.rules.queue_state import OwnMessage, OwnVisit, QueuePages
from device.rules.remote_view import is_from_afar
from device.rules.state import Navigation, State
from device.rules.typing import Typing, typed
from device.window_protocol import intents

Outcome = tuple[State, tuple[Effect, ...]]

# The desk shows a screen as away that misses two of these (Q9).
IN_LINE_EACH_S = 1.5
LONGEST_TEXT = 500
MOST_UNSENT = 50


def step(state: State, event: Event, now: Now) -> Outcome:
    """Handle the resident's actions on the queue's pages, and the desk's updates."""
    match event:
        case Intended(intent=intents.OpenPage(page="queue")):
            state = _with_pages(state, QueuePages(heard=state.queue_pages.heard))
            return state, () if visit_of(state) else (Record(what=contract.QueueOpened()),)
        case Intended(intent=intent):
            return _intended(state, intent, now)
        case DocumentArrived(name="queue", document=QueueDocument() as document):
            return _arrived(state, document, now)
        case Ticked():
            return _ticked(state, now)
    return state, ()


def seconds_to_check(state: State, now: Now) -> float | None:
    """Return when presence is due; None without an open visit."""
    if not open_visit_id(state):
        return None
    said_s = state.queue_pages.said_s
    return 0.0 if said_s is None else max(0.0, said_s + IN_LINE_EACH_S - now.monotonic_s)


def visit_of(state: State) -> QueueVisit | None:
    """Return the visit to show: the desk's, unless the resident has left it or seen its end."""
    document, own = state.documents.queue, state.queue
    visit = document.visit if document else None
    if visit is None or visit.visit_id == own.closed or is_joining(state):
        return None
    is_left = own.has_left and own.visit_id == visit.visit_id
    # A resident who left the queue knows it: only a conversation's end has a page.
    return None if is_left and (visit.stage != "ended" or visit.served_at is None) else visit


def is_joining(state: State) -> bool:
    """Return whether the resident has joined but the desk has not confirmed it."""
    document, own = state.documents.queue, state.queue
    if not own.visit_id or own.has_left or own.visit_id == own.closed:
        return False
    return document is None or document.visit is None or document.visit.visit_id != own.visit_id


def open_visit_id(state: State) -> str:
    """Return the visit that needs presence; empty where there is none."""
    if is_joining(state):
        return state.queue.visit_id
    visit = visit_of(state)
    return visit.visit_id if visit and visit.stage != "ended" else ""


def _intended(state: State, intent: intents.Intent, now: Now) -> Outcome:
    match intent:
        case intents.ChooseQueue(queue_id=queue_id):
            return _with_pages(state, replace(state.queue_pages, queue_id=queue_id)), ()
        case intents.JoinQueue(queue_id=queue_id, way=way) if not open_visit_id(state):
            agreed_at = _agreed_at(state, now) if way == "video" else None
            own = _fresh(state, visit_id=now.id, agreed_to_video_at=agreed_at)
            joined = contract.QueueJoined(visit_id=now.id, queue_id=queue_id, way=way)
            return _with_pages(replace(state, queue=own), QueuePages()), (Record(what=joined),)
        case intents.AskToLeaveQueue(stays=stays):
            return _with_pages(state, replace(state.queue_pages, asks_to_leave=not stays)), ()
        case intents.LeaveQueue():
            return _leave(state)
        case intents.CloseVisit(visit_id=visit_id):
            state = replace(state, queue=replace(state.queue, closed=visit_id))
            return replace(state, navigation=Navigation(page="home", touched_s=now.monotonic_s)), ()
        case intents.RateVisit(visit_id=visit_id, rating=rating):
            rated = replace(state.queue, rated=visit_id)
            return replace(state, queue=rated), (
                Record(what=contract.QueueRated(visit_id=visit_id, rating=rating)),
            )
    return _in_service(state, intent, now)


def _in_service(state: State, intent: intents.Intent, now: Now) -> Outcome:
    visit = visit_of(state)
    if visit is None or visit.stage == "ended":
        return state, ()
    match intent:
        case intents.AnswerCallBack(accepted=accepted):
            own = replace(_own(state, visit), call_back="accepted" if accepted else "declined")
            answered = contract.QueueCallBackAnswered(visit_id=visit.visit_id, accepted=accepted)
            return replace(state, queue=own), (Record(what=answered),)
        case intents.AskForVideo() | intents.RefuseVideo():
            return _answer_video(state, visit, now, is_wanted=isinstance(intent, intents.AskForVideo))
        case intents.SendReply(text=text):
            return _write(state, visit, text, now)
        case intents.WriteMessage():
            pages = state.queue_pages
            return _with_pages(state, replace(pages, is_typing=not pages.is_typing, typing=Typing())), ()
        case intents.TypeKey() if state.queue_pages.is_typing and state.navigation.page == "queue":
            return _typed(state, visit, intent, now)
    return state, ()


def _answer_video(state: State, visit: QueueVisit, now: Now, *, is_wanted: bool) -> Outcome:
    """Handle the resident's request for video, or their answer to the agent's (Q5)."""
    own = replace(
        _own(state, visit),
        wants_video=is_wanted,
        refuses_video=not is_wanted,
        agreed_to_video_at=_agreed_at(state, now) if is_wanted else None,
    )
    what = contract.QueueVideoWanted(visit_id=visit.visit_id, is_wanted=is_wanted)
    return replace(state, queue=own), (Record(what=what),)


def _typed(state: State, visit: QueueVisit, key: intents.TypeKey, now: Now) -> Outcome:
    pages = state.queue_pages
    if key.key == "done" and not key.is_group:
        state = _with_pages(state, replace(pages, is_typing=False, typing=Typing()))
        return _write(state, visit, pages.typing.text, now)
    return _with_pages(state, replace(pages, typing=typed(pages.typing, key, LONGEST_TEXT))), ()


def _write(state: State, visit: QueueVisit, text: str, now: Now) -> Outcome:
    own, text = _own(state, visit), text.strip()[:LONGEST_TEXT]
    if not text or len(own.sent) >= MOST_UNSENT or visit.stage != "served":
        return state, ()
    message = OwnMessage(number=own.next_number, text=text, sent_at=now.wall)
    own = replace(own, sent=(*own.sent, message), next_number=own.next_number + 1)
    sent = contract.QueueMessageSent(visit_id=visit.visit_id, number=message.number, text=text)
    return replace(state, queue=own), (Record(what=sent),)


def _agreed_at(state: State, now: Now) -> datetime | None:
    """Return now, or None for a possible remote touch: nobody else may agree; the call then rings."""
    return None if is_from_afar(state, now) else now.wall


def _own(state: State, visit: QueueVisit) -> OwnVisit:
    """Return the saved state of this visit; a reinstalled device continues with the desk's numbers."""
    if state.queue.visit_id == visit.visit_id:
        return state.queue
    newest = max((message.own_number or 0 for message in visit.messages), default=0)
    return _fresh(state, visit_id=visit.visit_id, next_number=newest + 1)


def _fresh(state: State, **visit: Any) -> OwnVisit:
    """Return the state for another visit, without losing that the previous one was closed and rated."""
    return OwnVisit(**visit, closed=state.queue.closed, rated=state.queue.rated)


def _leave(state: State) -> Outcome:
    visit_id = open_visit_id(state)
    if not visit_id:
        return state, ()
    visit = visit_of(state)
    own = replace(_own(state, visit) if visit else state.queue, has_left=True)
    state = _with_pages(replace(state, queue=own), QueuePages())
    return state, (Record(what=contract.QueueLeft(visit_id=visit_id)),)


def _arrived(state: State, document: QueueDocument, now: Now) -> Outcome:
    """Handle the desk's update; a resident who is served or has a new message sees the page."""
    visit = document.visit
    if visit is None or document != state.documents.queue:
        return state, ()
    state = _without_shown(state, visit)
    newest = max((each.number for each in visit.messages if each.author == "agent"), default=0)
    is_news = visit.stage == "served" and newest > state.queue_pages.heard
    is_called = visit.stage == "served" and _is_elsewhere(state)
    if is_called:
        state = replace(state, navigation=Navigation(page="queue", touched_s=now.monotonic_s))
    if not is_news:
        return state, (Play(sound="chime"),) if is_called else ()
    text = next(each.text for each in visit.messages if each.number == newest)
    state = _with_pages(state, replace(state.queue_pages, heard=newest))
    is_spoken = bool(state.documents.view and state.documents.view.speak_on_touch) and not state.call
    return state, (SayMessage(text=text),) if is_spoken else (Play(sound="chime"),)


def _is_elsewhere(state: State) -> bool:
    """Return whether the resident is on another page that may be replaced."""
    is_asking = state.requests.help_is_open or state.urgent_asked_s is not None
    return state.navigation.page not in ("queue", "help") and not is_asking


def _without_shown(state: State, visit: QueueVisit) -> State:
    own = state.queue
    if own.visit_id != visit.visit_id:
        # Another visit is open, or ours never arrived: the desk's counts.
        is_other_open = visit.stage != "ended" and own.visit_id and not own.has_left
        return replace(state, queue=_own(state, visit)) if is_other_open else state
    shown = {message.own_number for message in visit.messages}
    sent = tuple(message for message in own.sent if message.number not in shown)
    if visit.stage != "served":
        own = replace(own, wants_video=False)
    if visit.video != "asked-by-agent":
        own = replace(own, refuses_video=False)
    if visit.stage == "ended":
        sent = ()
    return replace(state, queue=replace(own, sent=sent)) if (sent, own) != (own.sent, state.queue) else state


def _ticked(state: State, now: Now) -> Outcome:
    visit_id = open_visit_id(state)
    if not visit_id or seconds_to_check(state, now) != 0.0:
        return state, ()
    state = _with_pages(state, replace(state.queue_pages, said_s=now.monotonic_s))
    return state, (SayInLine(visit_id=visit_id),) if state.link.connected else ()


def _with_pages(state: State, pages: QueuePages) -> State:
    return replace(state, queue_pages=pages)
