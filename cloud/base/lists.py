"""Long lists: what is looked for in them, and the page of them that is shown."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest

LONGEST_SEARCH = 150


def words_of(request: HttpRequest) -> str:
    """What somebody looks for (``q``), as a database can take it."""
    return request.GET.get("q", "").strip()[:LONGEST_SEARCH].replace("\0", "")


def page_of(request: HttpRequest, rows: Any, most_rows: int) -> tuple[Page[Any], str]:
    """The page that is asked for, and the rest of the question, which the links to other pages repeat."""
    asked = request.GET.copy()
    asked.pop("page", None)
    return Paginator(rows, most_rows).get_page(request.GET.get("page")), asked.urlencode()
