"""Parts of a page that are polled, and redrawn only when they differ."""

from hashlib import sha256

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string


def fragment(request: HttpRequest, template: str, context: dict[str, object]) -> HttpResponse:
    """Return the rendered fragment, or 204 where the page already shows it (``X-Seen``)."""
    return unless_seen(request, render_to_string(template, context, request))


def unless_seen(request: HttpRequest, html: str) -> HttpResponse:
    """Return the rendered fragment, or 204 where the page already shows it (``X-Seen``)."""
    return HttpResponse(status=204) if request.headers.get("X-Seen") == digest_of(html) else _answer(html)


def draw(request: HttpRequest, template: str, context: dict[str, object]) -> HttpResponse:
    """Return the rendered fragment with the digest by which the page identifies it."""
    return _answer(render_to_string(template, context, request))


def digest_of(html: str) -> str:
    """Return by what a page identifies what it shows."""
    return sha256(html.encode()).hexdigest()[:16]


def _answer(html: str) -> HttpResponse:
    return HttpResponse(html, headers={"X-Digest": digest_of(html)})
