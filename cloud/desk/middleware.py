"""What happens around every page: the reader's language, and headers that keep pages to themselves."""

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

# Each time writes the session.
SLIDES_EACH_S = 300.0
HSTS_S = 365 * 24 * 3600
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


@sync_and_async_middleware
def own_language(get_response: Sync | Async) -> Sync | Async:
    """Shows the desk in the language of whoever has signed in."""
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
    """Reads a static file to its end at once: a stream that a browser breaks off would leave it open."""
    return _after(get_response, _read_whole)


def _read_whole(_request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    if not isinstance(response, FileResponse):
        return response
    whole = HttpResponse(response.getvalue(), status=response.status_code, headers=dict(response.headers))
    response.close()
    return whole


@sync_and_async_middleware
def careful_headers(get_response: Sync | Async) -> Sync | Async:
    """Only our own scripts, styles and pictures; pages about people stay out of every cache."""
    return _after(get_response, _add_headers)


@sync_and_async_middleware
def refuse_parts_without_session(get_response: Sync | Async) -> Sync | Async:
    """A part of a page without a session is told 401: the page says that aloud instead of vanishing."""
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
        # The proxy before the desk speaks HTTPS; browsers heed this there alone (RFC 6797, 8.1).
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
    """What a person does keeps the session; what a page asks by itself does not, and is told what is left."""
    return _after(get_response, _slide)


def _slide(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    session = request.session
    # One that nobody has read here would be read from the database now.
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
