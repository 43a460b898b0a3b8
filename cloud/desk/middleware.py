"""Middleware: the user's language, security headers, sessions."""

import time
from collections.abc import Callable

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation

from cloud.audit.actor import GetResponse

# Each change writes the session.
SLIDES_EACH_S = 300.0
HSTS_S = 365 * 24 * 3600
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def own_language(get_response: GetResponse) -> GetResponse:
    """Activate the signed-in user's language."""

    def speak(request: HttpRequest) -> HttpResponseBase:
        language = getattr(request.user, "language", "")
        if language in dict(settings.LANGUAGES):
            translation.activate(language)
        return get_response(request)

    return speak


def small_files_whole(get_response: GetResponse) -> GetResponse:
    """Read a static file completely at once: a stream aborted by a browser would leave it open."""
    return _after(get_response, _read_whole)


def _read_whole(_request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    if not isinstance(response, FileResponse):
        return response
    whole = HttpResponse(response.getvalue(), status=response.status_code, headers=dict(response.headers))
    response.close()
    return whole


def careful_headers(get_response: GetResponse) -> GetResponse:
    """Allow only our own scripts, styles and pictures; keep pages about people out of caches."""
    return _after(get_response, _add_headers)


def refuse_parts_without_session(get_response: GetResponse) -> GetResponse:
    """Answer fragments without a session with 401, so that the page can say so."""
    return _after(get_response, _refuse_part)


def _after(
    get_response: GetResponse, change: Callable[[HttpRequest, HttpResponseBase], HttpResponseBase]
) -> GetResponse:
    def changed(request: HttpRequest) -> HttpResponseBase:
        return change(request, get_response(request))

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


def sliding_session(get_response: GetResponse) -> GetResponse:
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
