"""Serves a template's file by signed link."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from cloud.notices.files import KINDS, of_token


@login_not_required
@require_GET
def file(_request: HttpRequest, token: str) -> HttpResponse:
    """Serve the file as uploaded; 404 for an invalid or expired link."""
    found = of_token(token)
    if found is None or found.content_type not in KINDS:
        raise Http404
    answer = HttpResponse(bytes(found.data), content_type=found.content_type)
    name = "".join(letter if letter.isalnum() or letter in "._-" else "_" for letter in found.name)
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{_quoted(name)}"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def _quoted(name: str) -> str:
    from urllib.parse import quote

    return quote(name)
