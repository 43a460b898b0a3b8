"""Parts of a page that are polled, and redrawn only when they differ."""

from hashlib import sha256

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string


def fragment(request: HttpRequest, template: str, context: dict[str, object]) -> HttpResponse:
    """Return the rendered fragment, or 204 where the page already shows it (``X-Seen``)."""
    drawn = draw(request, template, context)
    is_seen = request.headers.get("X-Seen") == drawn.headers["X-Digest"]
    return HttpResponse(status=204) if is_seen else drawn


def draw(request: HttpRequest, template: str, context: dict[str, object]) -> HttpResponse:
    """Return the rendered fragment with the digest by which the page identifies it."""
    html = render_to_string(template, context, request)
    return HttpResponse(html, headers={"X-Digest": sha256(html.encode()).hexdigest()[:16]})
