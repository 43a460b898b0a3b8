"""A request that was received but not answered: the current progress, with times (K3)."""

from collections.abc import Iterator
from datetime import datetime

from device.contract.help_progress import NotifiedContact
from device.rules.requests import has_waited
from device.rules.state import Request
from device.screen.page_context import PageContext
from device.window_protocol.model import Step

_MOST_NAMES = 3


def headline(context: PageContext, request: Request) -> str:
    """Return the newest step of the escalation; it claims no more than was confirmed."""
    words, report = context.words, request.progress
    if report and report.partner_notified_at:
        return words("The alarm centre has been told")
    if (report and report.contacts) or has_waited(request, context.now):
        return words("Nobody has answered yet")
    if report and report.on_board:
        return words("Your call for help is with the carers")
    return words("Your call for help has arrived")


def explanation(context: PageContext, request: Request) -> str:
    """Return who else was notified, or that nobody has looked; and how long it has been waiting."""
    words, report = context.words, request.progress
    lines = []
    if report and report.partner_notified_at:
        lines.append(words("Nobody has answered yet."))
    if report and report.contacts:
        lines.append(_notified(context, report.contacts))
    elif report and not report.on_board:
        lines.append(words("Nobody has looked at it yet."))
    return " ".join([*lines, *(() if len(lines) > 1 else _since(context, request))])


def briefly(context: PageContext, request: Request) -> str:
    """Return the text on the help button."""
    report = request.progress
    is_late = has_waited(request, context.now) or (report is not None and bool(report.contacts))
    return context.words("No answer yet") if is_late else context.words("Call received")


def steps(context: PageContext, request: Request) -> Iterator[Step]:
    """Yield the desk's steps so far, with times."""
    words, report = context.words, request.progress
    received = at(context, request.received_at)
    yield Step(words=words("Call received"), state="done", time=received)
    if report is None or request.stage != "received":
        return
    for contact in report.contacts[-2:]:
        yield Step(
            words=words("{name} has been told", name=contact.name), state="done", time=at(context, contact.at)
        )
    if report.partner_notified_at:
        time = at(context, report.partner_notified_at)
        yield Step(words=words("The alarm centre has been told"), state="done", time=time)


def has_been_notified(request: Request, name: str) -> bool:
    """Return whether the steps name this contact."""
    report = request.progress if request.stage == "received" else None
    return report is not None and name in [contact.name for contact in report.contacts[-2:]]


def at(context: PageContext, moment: datetime | None) -> str:
    """Return the time of a step; empty where it is unknown."""
    if moment is None or not context.now.trusted:
        return ""
    return context.words.time(moment.astimezone(context.zone))


def _notified(context: PageContext, contacts: list[NotifiedContact]) -> str:
    names = [contact.name for contact in contacts[-_MOST_NAMES:]]
    if len(names) == 1:
        return context.words("{name} has been told too.", name=names[0])
    return context.words("These have been told too: {names}.", names=", ".join(names))


def _since(context: PageContext, request: Request) -> Iterator[str]:
    """Yield how long it has been waiting, in minutes of the wall clock."""
    words, since = context.words, request.received_at
    if since is None or not context.now.trusted:
        return
    time = at(context, since)
    minutes = int((context.now.wall.replace(second=0) - since.replace(second=0)).total_seconds() // 60)
    if minutes < 1 or minutes > 24 * 60:
        yield words("Received at {time}.", time=time)
    elif minutes == 1:
        yield words("Received at {time}, one minute ago.", time=time)
    else:
        yield words("Received at {time}, {number} minutes ago.", time=time, number=str(minutes))
