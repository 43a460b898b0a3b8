"""The visible parts of a state, as one value that is compared to detect changes."""

from typing import Self

from msgspec import Struct
from msgspec.structs import replace

from device.rules import countdown, press
from device.rules.calls.call import Calls
from device.rules.calls.clock import seconds_left
from device.rules.now import Now
from device.rules.requests import has_waited
from device.rules.slide_show import slide_number
from device.rules.state import PLAIN_FROM_LOSSES, Documents, Link, Press, State, Window


class Visible(Struct, frozen=True, kw_only=True):
    """Two equal values give the same Screen, except for photos that arrived in between."""

    parts: State
    minute: str
    share_held: float
    seconds_to_cancel: int
    seconds_to_open: int | None
    seconds_to_ask: int
    has_waited: bool
    slide: int | None

    @classmethod
    def of(cls, state: State, now: Now) -> Self:
        """Return what is visible at this moment."""
        is_pressing, asked_s = state.press.stage != "none", state.urgent_asked_s
        return cls(
            parts=visible_parts(state),
            minute=now.wall.strftime("%H:%M") if now.trusted else "",
            share_held=press.share_held(state.press, now) if is_pressing else 0.0,
            seconds_to_cancel=countdown.seconds_left(state.press.began_s, now) if is_pressing else 0,
            seconds_to_open=seconds_left(state, now),
            seconds_to_ask=countdown.seconds_left(asked_s, now) if asked_s is not None else 0,
            has_waited=bool(state.requests.help and has_waited(state.requests.help, now)),
            slide=slide_number(state, now),
        )


def visible_parts(state: State) -> State:
    """Return the state with only the parts that affect the Screen, all others at their defaults.

    A beat, a tick or a report changes none of them. While there is a link, its start time does not matter.
    """
    documents = state.documents
    return State(
        documents=Documents(
            view=documents.view,
            people=documents.people,
            calendar=documents.calendar,
            policy=documents.policy,
            cafe=documents.cafe,
            queue=documents.queue,
            messages=documents.messages,
        ),
        requests=state.requests,
        installer=replace(state.installer, failures=0),
        sms=state.sms,
        press=state.press if state.press.stage != "none" else Press(),
        urgent_asked_s=state.urgent_asked_s,
        mute=state.mute,
        navigation=state.navigation,
        remote_view=state.remote_view,
        messages=state.messages,
        queue=state.queue,
        queue_pages=replace(state.queue_pages, said_s=None, heard=0),
        call=state.call,
        call_over=state.call_over,
        seat=state.seat,
        seat_over=state.seat_over,
        invitations=state.invitations,
        inviting=state.inviting,
        calls=Calls(missed=state.calls.missed, loudness=state.calls.loudness),
        forced_calls=state.forced_calls,
        host_visits=state.host_visits,
        first_language=state.first_language,
        window=Window(losses=PLAIN_FROM_LOSSES) if state.window.is_plain else Window(),
        link=Link(connected=True) if state.link.connected else state.link,
    )
