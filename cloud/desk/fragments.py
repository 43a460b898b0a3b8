"""Parts of a page that are fetched again and again, and drawn only when they differ."""

from hashlib import sha256

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string


def fragment(request: HttpRequest, template: str, context: dict[str, object]) -> HttpResponse:
    """The part, or 204 where the page has said that it shows just this already (``X-Seen``)."""
    html = render_to_string(template, context, request)
    digest = sha256(html.encode()).hexdigest()[:16]
    if request.headers.get("X-Seen") == digest:
        return HttpResponse(status=204)
    return HttpResponse(html, headers={"X-Digest": digest})
