"""The parts that open pages are sent with a change: drawn once for all who see the same (decision 0154)."""

import asyncio
import json
import logging
from collections.abc import Collection, Hashable
from typing import NamedTuple
from weakref import WeakKeyDictionary

from django.conf import settings
from django.db import connections
from django.urls import reverse
from django.utils import translation

from cloud.base.fragments import digest_of
from cloud.base.streamed_parts import Part, SharedPart, changed_by
from cloud.organisations.backend import signed_in
from cloud.organisations.models import User

Parts = dict[str, str]
_log = logging.getLogger(__name__)


class Viewer(NamedTuple):
    """The pages of one browser: its session, its language, and the addresses of the parts that it shows."""

    session_key: str
    language: str
    shows: frozenset[str]


class Rounds:
    """Those who are notified of a change at the same moment, or while a round is drawn, share the next round.

    Each round begins after all of its viewers were notified: nobody gets anything older than what they would
    have read themselves.
    """

    def __init__(self, subject: str) -> None:
        self._subject = subject
        self._waiting: dict[Viewer, asyncio.Future[Parts | None]] = {}
        self._task: asyncio.Task[None] | None = None

    async def draw(self, viewer: Viewer) -> Parts | None:
        """Return the HTML of parts by their address; None if the viewer is not signed in any more."""
        loop = asyncio.get_running_loop()
        drawn = self._waiting.setdefault(viewer, loop.create_future())
        if self._task is None or self._task.done():
            self._task = loop.create_task(self._go())
        return await asyncio.shield(drawn)

    async def _go(self) -> None:
        while self._waiting:
            # Let all streams hear of this change first.
            await asyncio.sleep(0)
            waiting, self._waiting = self._waiting, {}
            try:
                found = await asyncio.to_thread(_draw_all, self._subject, list(waiting))
            except Exception:  # noqa: BLE001 - whatever a template raises, the pages then ask for themselves
                _log.exception("parts of pages could not be drawn")
                found = dict.fromkeys(waiting, Parts())
            for viewer, drawn in waiting.items():
                if not drawn.done():
                    drawn.set_result(found.get(viewer))


_rounds: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[str, Rounds]] = WeakKeyDictionary()


def rounds_of(subject: str) -> Rounds | None:
    """Return the rounds of this subject; None where it changes no part that is streamed."""
    if not changed_by(subject):
        return None
    mine = _rounds.setdefault(asyncio.get_running_loop(), {})
    return mine.setdefault(subject, Rounds(subject))


class Sender:
    """What one stream has sent already: a part that has not changed is named by its digest alone."""

    def __init__(self) -> None:
        self._sent: dict[str, str] = {}

    def event(self, subject: str, parts: Parts) -> bytes:
        """Return the server-sent event with these parts."""
        listed = [self._entry(url, html) for url, html in parts.items()]
        return f"event: parts\ndata: {json.dumps({'subject': subject, 'parts': listed})}\n\n".encode()

    def _entry(self, url: str, html: str) -> dict[str, str]:
        digest = digest_of(html)
        if self._sent.get(url) == digest:
            return {"url": url, "digest": digest}
        self._sent[url] = digest
        return {"url": url, "digest": digest, "html": html}


def _draw_all(subject: str, viewers: Collection[Viewer]) -> dict[Viewer, Parts]:
    try:
        users = signed_in({viewer.session_key for viewer in viewers})
        drawing = _Drawing()
        parts = [(reverse(part.url), part) for part in changed_by(subject)]
        return {
            viewer: {
                url: html
                for url, part in parts
                if url in viewer.shows and (html := drawing.html(part, user, viewer.language)) is not None
            }
            for viewer in viewers
            if (user := users.get(viewer.session_key))
        }
    finally:
        connections.close_all()


class _Drawing:
    """One round."""

    def __init__(self) -> None:
        self._read: dict[Hashable, SharedPart] = {}

    def html(self, part: Part, user: User, language: str) -> str | None:
        if not user.act_as(part.verb):
            return None
        spoken = user.language if user.language in dict(settings.LANGUAGES) else language
        key = part.url, user.paths, spoken
        with translation.override(spoken):
            if key not in self._read:
                self._read[key] = part.read(user)
            return self._read[key].html_for(user)
