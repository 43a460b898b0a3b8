"""What a screen claimed, and what the desk and the contacts had really done by then (K3)."""

import re
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from device.window_protocol.client import CoreGone, ScreenClient
from device.window_protocol.messages import Draw
from device.window_protocol.model import HelpPage, Screen
from tests.campaign.contact_phones import Heard

# The desk's clock and ours are one; what it notes just before its commit may be read just after.
SLACK = timedelta(milliseconds=1)
_SENT = re.compile(r"A text message has been sent to (.+)")
_GOT = re.compile(r"(.+) has got a text message")
_COMES = re.compile(r"(.+) is (?:on the way to you|coming)")
_TOLD = "The alarm centre has been told"
_IS_THERE = re.compile(r"(.+) is with you")


class Claim(NamedTuple):
    """Something that the screen said.

    ``received``, ``told`` (the alarm centre), ``sent``, ``got``, ``comes``, ``with``, ``here`` or ``over``.
    """

    what: str
    who: str
    at: datetime


class Deeds(NamedTuple):
    """The events since the press: ``row`` is the desk's (received, taken, who, arrived, closed).

    The desk does not store who arrived: the person who answered, or the nurse who says so. The alarm centre
    itself confirmed the alarm at ``told_at``.
    """

    row: tuple[str | None, ...] | None
    texts: Sequence[Heard]
    answers: Sequence[tuple[datetime, str]]
    names: dict[str, str]
    nurse: str = ""
    told_at: datetime | None = None


def claims_of(screen: Screen, at: datetime) -> set[Claim]:
    """Everything that this Screen says of help, on its page and on its button."""
    found = {("received", "")} if screen.help and screen.help.state == "received" else set()
    page = screen.page
    texts = [screen.help.words] if screen.help else []
    if isinstance(page, HelpPage):
        texts += [page.headline, *(step.words for step in page.steps if step.state == "done")]
        found |= {(word, "") for word in ("received", "here", "over") if page.state == word}
        found |= {
            ("received", "") for step in page.steps if step.words == "Call received" and step.state == "done"
        }
    found |= {("told", "") for text in texts if text == _TOLD}
    for text in texts:
        for what, pattern in (("sent", _SENT), ("got", _GOT), ("comes", _COMES), ("with", _IS_THERE)):
            # "Help is with you" names nobody; the page's state has said it.
            if (match := pattern.fullmatch(text)) and match[1] != "Help":
                found.add((what, match[1]))
    return {Claim(what, who, at) for what, who in found}


def is_so(claim: Claim, deeds: Deeds) -> bool:
    """Whether it had been done when it was said."""
    latest = claim.at + SLACK
    received, taken, taker, arrived, closed = deeds.row or (None,) * 5
    match claim.what:
        case "received":
            return _by(received, latest)
        case "told":
            return deeds.told_at is not None and deeds.told_at <= latest
        case "sent" | "got":
            return any(
                text.at <= latest
                and deeds.names.get(text.number) == claim.who
                and (text.delivered or claim.what == "sent")
                for text in deeds.texts
            )
        case "comes" if any(
            at <= latest and deeds.names[number] == claim.who for at, number in deeds.answers
        ):
            return True
        case "comes":
            # A screen that was away while it was taken says so of somebody.
            return _by(taken, latest) and claim.who in (taker, "Somebody")
        case "with" | "here":
            return _by(arrived, latest) and claim.who in ("", taker, deeds.nurse)
    return _by(closed, latest)


def _by(at: str | None, latest: datetime) -> bool:
    return at is not None and datetime.fromisoformat(at).replace(tzinfo=UTC) <= latest


class Witness:
    """Watches one screen, through every death of its core."""

    def __init__(self, path: Path, seen: Callable[[], None] = lambda: None) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._claims: dict[tuple[str, str], Claim] = {}
        self._leaving = threading.Event()
        self.newest: Screen | None = None
        threading.Thread(target=self._watch, daemon=True, name="witness").start()

    def begin(self) -> None:
        """Forget the claims so far: they were of an earlier request."""
        with self._lock:
            self._claims.clear()

    def claims(self) -> list[Claim]:
        """Each claim once, when it was made for the first time."""
        with self._lock:
            return list(self._claims.values())

    @property
    def help_state(self) -> str:
        """Of the page of help; empty where there is another page, or no core."""
        page = self.newest.page if self.newest else None
        return page.state if isinstance(page, HelpPage) else ""

    def leave(self) -> None:
        self._leaving.set()

    def _watch(self) -> None:
        while not self._leaving.is_set():
            try:
                with ScreenClient(self._path, "viewer", connect_timeout_s=0.5) as client:
                    while not self._leaving.is_set():
                        self._take(client)
            except CoreGone:
                self.newest = None
                self._leaving.wait(0.05)

    def _take(self, client: ScreenClient) -> None:
        try:
            message = client.receive(timeout_s=1.0)
        except TimeoutError:
            return
        if isinstance(message, Draw):
            at = datetime.now(UTC)
            with self._lock:
                self.newest = message.screen
                for claim in claims_of(message.screen, at):
                    self._claims.setdefault((claim.what, claim.who), claim)
