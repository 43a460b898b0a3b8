"""The permission (verb) of each page, registered by domains in ``AppConfig.ready``; others are closed."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from cloud.organisations.roles import Verb

SAFE = ("GET", "HEAD", "OPTIONS")
# What a session lacks until a one-time code was entered or set up; until then, only these pages are open.
CODE_STATE = "code_state"
CODE_WANTED, CODE_MISSING = "wanted", "missing"
_ENTER, _SET_UP = "organisations:enter-code", "organisations:set-up-codes"
_OPEN = {
    CODE_WANTED: (
        _ENTER,
        "organisations:passkey-step-options",
        "organisations:passkey-step",
        "organisations:sign-out",
    ),
    CODE_MISSING: (
        _SET_UP,
        "organisations:new-passkey-options",
        "organisations:add-passkey",
        "organisations:sign-out",
    ),
}


@dataclass(frozen=True)
class Access:
    """The verbs for reading and for changing; None is any signed-in user."""

    see: Verb | None
    do: Verb | None

    def verb(self, method: str | None) -> Verb | None:
        """Return the verb for this method."""
        return self.see if method in SAFE else self.do


_pages: dict[str, Access] = {}


def allow(*pages: str, see: Verb, do: Verb | None = None) -> None:
    """Register pages (``"help:board"``) with a verb for reading, and another or the same for changing."""
    _pages.update(dict.fromkeys(pages, Access(see, do or see)))


def allow_everybody(*pages: str) -> None:
    """Register pages for any signed-in user."""
    _pages.update(dict.fromkeys(pages, Access(None, None)))


def access_to(page: str) -> Access | None:
    """Return the entry of this page."""
    return _pages.get(page)


class RoleRequiredMiddleware(LoginRequiredMiddleware):
    """Checks the page's permission; the view then sees only organisations where the user has it."""

    def process_view(
        self, request: HttpRequest, view_func: Any, view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        """Return 403 without permission; 302 to the sign-in page without a session."""
        refused = super().process_view(request, view_func, view_args, view_kwargs)
        if refused is not None or not getattr(view_func, "login_required", True):
            return refused
        match = request.resolver_match
        page = match.view_name if match else ""
        if (lacks := _lacks_code(request)) and page not in _OPEN[lacks]:
            return redirect(_OPEN[lacks][0])
        access = access_to(page)
        if access is None:
            raise PermissionDenied(f"no entry for {request.path}")
        verb = access.verb(request.method)
        if verb is not None and not request.user.act_as(verb):  # type: ignore[union-attr]
            raise PermissionDenied(f"{verb} is needed")
        return None


def _lacks_code(request: HttpRequest) -> str:
    session = getattr(request, "session", None)
    return session.get(CODE_STATE, "") if session is not None else ""
