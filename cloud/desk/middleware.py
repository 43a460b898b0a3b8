"""Middleware: the user's language, security headers, sessions."""

import time
from collections.abc import Awaitable, Callable
from typing import cast

from asgiref.sync import iscoroutinefunction
from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.decorators import sync_and_async_middleware

Sync = Callable[[HttpRequest], HttpResponseBase]
Async = Callable[[HttpRequest], Awaitable[HttpResponseBase]]

# Each change writes the session.
SLIDES_EACH_S = 300.0
HSTS_S = 365 * 24 * 3600
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


@sync_and_async_middleware
def own_language(get_response: Sync | Async) -> Sync | Async:
    """Activate the signed-in user's language."""
    if iscoroutinefunction(get_response):

        async def speak_async(request: HttpRequest) -> HttpResponseBase:
            _speak(await request.auser())
            response: HttpResponseBase = await get_response(request)
            return response

        return speak_async

    def speak(request: HttpRequest) -> HttpResponseBase:
        _speak(request.user)
        return cast(HttpResponseBase, get_response(request))

    return speak


def _speak(user: object) -> None:
    language = getattr(user, "language", "")
    if language in dict(settings.LANGUAGES):
        translation.activate(language)


@sync_and_async_middleware
def small_files_whole(get_response: Sync | Async) -> Sync | Async:
    """Read a static file completely at once: a stream aborted by a browser would leave it open."""
    return _after(get_response, _read_whole)


def _read_whole(_request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    if not isinstance(response, FileResponse):
        return response
    whole = HttpResponse(response.getvalue(), status=response.status_code, headers=dict(response.headers))
    response.close()
    return whole


@sync_and_async_middleware
def careful_headers(get_response: Sync | Async) -> Sync | Async:
    """Allow only our own scripts, styles and pictures; keep pages about people out of caches."""
    return _after(get_response, _add_headers)


@sync_and_async_middleware
def refuse_parts_without_session(get_response: Sync | Async) -> Sync | Async:
    """Answer fragments without a session with 401, so that the page can say so."""
    return _after(get_response, _refuse_part)


def _after(
    get_response: Sync | Async, change: Callable[[HttpRequest, HttpResponseBase], HttpResponseBase]
) -> Sync | Async:
    if iscoroutinefunction(get_response):

        async def changed_async(request: HttpRequest) -> HttpResponseBase:
            return change(request, await get_response(request))

        return changed_async

    def changed(request: HttpRequest) -> HttpResponseBase:
        return change(request, cast(HttpResponseBase, get_response(request)))

    return changed


def _add_headers(_request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
    if settings.SESSION_COOKIE_SECURE:
        # The proxy in front of the desk speaks HTTPS; browsers honour this only there (RFC 6797, 8.1).
        response.headers.setdefault("Strict-Transport-Security", f"max-age={HSTS_S}")
    return response


def _refuse_part(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    target = response.headers.get("Location", "")
    is_htmx = request.headers.get("HX-Request") == "true"
    if is_htmx and target.startswith(str(settings.LOGIN_URL)):
        return HttpResponse(status=401)
    return response


@sync_and_async_middleware
def sliding_session(get_response: Sync | Async) -> Sync | Async:
    """Extend the session on user actions, not on polling, which only gets the time left."""
    return _after(get_response, _slide)


def _slide(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    session = request.session
    # A session that was not read would be loaded from the database now.
    if not session.accessed or "_auth_user_id" not in session:
        return response
    now = time.time()
    kept_at = session.get("kept_at", 0.0)
    if not kept_at or (now - kept_at > SLIDES_EACH_S and not response.streaming and _is_of_person(request)):
        session["kept_at"] = kept_at = now
    response.headers["X-Session-Left"] = str(round(kept_at + settings.SESSION_COOKIE_AGE - now))
    return response


def _is_of_person(request: HttpRequest) -> bool:
    if request.method == "POST" or "X-Stay" in request.headers:
        return True
    is_part = request.headers.get("HX-Request") == "true"
    return not is_part and request.headers.get("Sec-Fetch-Dest", "document") == "document"
