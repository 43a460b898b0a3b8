"""The parts of the help board that many nurses see alike."""

from functools import cached_property

from django.template.loader import render_to_string

from cloud.base import page_parts, streamed_parts
from cloud.help import board
from cloud.help.models import HelpRequest
from cloud.organisations.models import User
from cloud.organisations.roles import Verb


def register() -> None:
    """Let both come to open pages with each change of a request."""
    for url, read in (("help:requests", OpenRequests), ("help:count", Waiting)):
        streamed_parts.register(streamed_parts.Part(url, "help", Verb.ANSWER_HELP, read))


class OpenRequests:
    """The requests that a user sees, read once."""

    def __init__(self, user: User) -> None:
        requests, closed = list(board.open_requests(user)), list(board.closed_requests(user)[:20])
        self.context = {"requests": requests, "closed": closed, **page_parts.of("help:requests", user)}
        self._takers = {entry.taken_by_id for entry in requests}
        # A form to call the resident holds a key of the session.
        self._has_form = any(entry.kind == HelpRequest.Kind.URGENT_CALL for entry in requests)

    def html_for(self, user: User) -> str | None:
        """Return the list; None for those who have buttons of their own in it."""
        return None if self._has_form or user.pk in self._takers else self._html

    @cached_property
    def _html(self) -> str:
        return render_to_string("help/requests.html", self.context)


class Waiting:
    """The number in the menu of those for whom nobody has gone yet."""

    def __init__(self, user: User) -> None:
        self._html = render_to_string("help/count.html", {"untaken": board.untaken(user).count()})

    def html_for(self, _user: User) -> str:
        """Return the number."""
        return self._html
