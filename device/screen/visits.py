"""Missed calls, past forced calls, and hosts at the resident's table (V22, K5)."""

from datetime import datetime, timedelta

from device.contract.events import CallLogged
from device.rules.calls.admission import contact
from device.rules.tables.seat import HostVisit
from device.screen.call import why
from device.screen.page_context import PageContext
from device.window_protocol.intents import ForgetMissed, OpenPage
from device.window_protocol.model import Button, Visit, VisitsPage

SHOWN_FOR = timedelta(days=30)
NEWS_FOR = timedelta(days=1)


def news_button(context: PageContext) -> Button | None:
    """Return one line: a missed call, else a recent forced call where no other page lists it."""
    if missed := missed_button(context):
        return missed
    newest = _newest(context)
    is_new = bool(newest) and context.now.wall - newest[0].asked_at < NEWS_FOR
    return visits_button(context) if is_new or not context.view.elements.relatives else None


def missed_button(context: PageContext) -> Button | None:
    """Return the newest missed caller; a touch shows the next one."""
    missed = context.state.calls.missed
    if not missed:
        return None
    words, newest = context.words, missed[-1]
    listed = contact(context.state, newest.party.contact_id)
    name = f"{listed.first_name} {listed.last_name}".strip() if listed else newest.party.name
    when = context.when(newest.at) if newest.at else ""
    others = words("Others called too") if len(missed) > 1 else ""
    return Button(
        words=words("{name} called", name=name or words("Name missing")),
        detail=". ".join(part for part in (when, others) if part),
        icon="call",
        intent=ForgetMissed(),
    )


def visits_button(context: PageContext) -> Button | None:
    """Return the button to the page of who looked in, where there is somebody on it."""
    if not _newest(context) and not _newest_hosts(context):
        return None
    return Button(words=context.words("Who looked in"), icon="visits", intent=OpenPage("visits"))


def visits_page(context: PageContext) -> VisitsPage:
    """Return the forced calls of the last month, and hosts at the resident's table, the newest first."""
    words = context.words
    visits = [(entry.asked_at, _visit(context, entry)) for entry in _newest(context)]
    visits += [(entry.at, _host(context, entry)) for entry in _newest_hosts(context)]
    visits.sort(key=lambda dated: dated[0], reverse=True)
    return VisitsPage(
        title=words("Who looked in on me"),
        visits=[visit for _, visit in visits],
        words=words("Nobody has looked in on you in the last month."),
        more=words("More"),
        fewer=words("Previous"),
        back=Button(words=words("Back"), icon="home", intent=OpenPage("home")),
    )


def _newest(context: PageContext) -> list[CallLogged]:
    log = reversed(context.state.forced_calls.log)
    return [entry for entry in log if _is_recent(context, entry.asked_at)]


def _newest_hosts(context: PageContext) -> list[HostVisit]:
    return [entry for entry in context.state.host_visits.log if _is_recent(context, entry.at)]


def _is_recent(context: PageContext, at: datetime) -> bool:
    return not context.now.trusted or at >= context.now.wall - SHOWN_FOR


def _visit(context: PageContext, entry: CallLogged) -> Visit:
    """Return a call with the name on the list: people no longer on it are not named (V8, V17)."""
    listed = contact(context.state, entry.contact_id)
    name = f"{listed.first_name} {listed.last_name}".strip() if listed else ""
    return Visit(
        when=context.when(entry.asked_at),
        who=name or context.words("Somebody who is not on your list any more"),
        why=why(context, entry.reason, entry.reason_text),
        outcome=_outcome(context, entry),
    )


def _host(context: PageContext, entry: HostVisit) -> Visit:
    """Return a host who sat at the resident's table: they saw and heard each other."""
    words = context.words
    return Visit(
        when=context.when(entry.at),
        who=entry.name or words("Name missing"),
        why=words("Was the host at your table: {title}", title=entry.title or words("Café")),
        outcome=_lasted(context, entry.seconds) if entry.seconds is not None else "",
    )


def _outcome(context: PageContext, entry: CallLogged) -> str:
    words = context.words
    if entry.outcome == "refused":
        return words("You said: not now")
    if entry.seconds == 0:
        return words("The call did not connect")
    return _lasted(context, entry.seconds)


def _lasted(context: PageContext, seconds: float) -> str:
    words, minutes = context.words, round(seconds / 60)
    if minutes < 1:
        return words("Lasted less than a minute")
    if minutes == 1:
        return words("Lasted one minute")
    return words("Lasted {number} minutes", number=str(minutes))
