"""Search and pagination of long lists."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest

LONGEST_SEARCH = 150


def words_of(request: HttpRequest) -> str:
    """Return the search text (``q``), limited to what a database accepts."""
    return request.GET.get("q", "").strip()[:LONGEST_SEARCH].replace("\0", "")


def page_of(request: HttpRequest, rows: Any, most_rows: int) -> tuple[Page[Any], str]:
    """Return the requested page, and the remaining query string for links to other pages."""
    asked = request.GET.copy()
    asked.pop("page", None)
    return Paginator(rows, most_rows).get_page(request.GET.get("page")), asked.urlencode()
