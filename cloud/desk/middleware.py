"""What happens around every page: the reader's language, and headers that keep pages to themselves."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import cast

from asgiref.sync import iscoroutinefunction
from django.conf import settings
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.decorators import sync_and_async_middleware
from django_htmx.http import HttpResponseClientRedirect

Sync = Callable[[HttpRequest], HttpResponseBase]
Async = Callable[[HttpRequest], Awaitable[HttpResponseBase]]

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
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
def files_piece_by_piece(get_response: Sync | Async) -> Sync | Async:
    """Lets the server send a file as it is read: WhiteNoise's own iterator would be read to its end first."""
    return _after(get_response, _send_piece_by_piece)


def _send_piece_by_piece(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    is_served = isinstance(request, ASGIRequest)
    if is_served and isinstance(response, StreamingHttpResponse) and not response.is_async:
        response.streaming_content = _pieces(cast(Iterator[bytes], response.streaming_content))
    return response


async def _pieces(parts: Iterator[bytes]) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


@sync_and_async_middleware
def careful_headers(get_response: Sync | Async) -> Sync | Async:
    """Only our own scripts, styles and pictures; pages about people stay out of every cache."""
    return _after(get_response, _add_headers)


@sync_and_async_middleware
def whole_page_for_sign_in(get_response: Sync | Async) -> Sync | Async:
    """When a session has ended, HTMX goes to the sign-in page instead of drawing it inside another."""
    return _after(get_response, _redirect_whole_page)


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
    return response


def _redirect_whole_page(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    target = response.headers.get("Location", "")
    is_htmx = request.headers.get("HX-Request") == "true"
    if is_htmx and isinstance(response, HttpResponse) and target.startswith(str(settings.LOGIN_URL)):
        return HttpResponseClientRedirect(str(settings.LOGIN_URL))
    return response
