"""The current actor: changes are recorded in their name."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Literal

from django.http import HttpRequest
from django.http.response import HttpResponseBase

Way = Literal["desk", "visitor", "command"]
GetResponse = Callable[[HttpRequest], HttpResponseBase]


@dataclass(frozen=True)
class Actor:
    """A signed-in user, or an anonymous source: a link, a device, the command line."""

    way: Way
    user_id: int | None = None


_current: ContextVar[Callable[[], Actor] | None] = ContextVar("actor", default=None)


def current() -> Actor | None:
    """Return the current actor; None for the desk's own jobs, whose changes are not recorded."""
    find = _current.get()
    return find() if find else None


@contextmanager
def acting(find: Callable[[], Actor]) -> Iterator[None]:
    """Record changes within the block in the name of the actor that ``find`` returns."""
    before = _current.set(find)
    try:
        yield
    finally:
        _current.reset(before)


def record_who(get_response: GetResponse) -> GetResponse:
    """Middleware: sets the actor of each request; it is looked up only where something is changed."""

    def record(request: HttpRequest) -> HttpResponseBase:
        with acting(lambda: _of(request)):
            return get_response(request)

    return record


def _of(request: HttpRequest) -> Actor:
    user_id = request.user.pk
    return Actor("desk", user_id) if user_id else Actor("visitor")
