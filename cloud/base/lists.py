"""Search and pagination of long lists."""

from functools import reduce
from operator import or_
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Q
from django.http import HttpRequest

LONGEST_SEARCH = 150
MOST_WORDS = 10


def words_of(request: HttpRequest) -> str:
    """Return the search text (``q``), limited to what a database accepts."""
    return request.GET.get("q", "").strip()[:LONGEST_SEARCH].replace("\0", "")


def containing(words: str, *fields: str) -> Q:
    """Return the condition that each of these words is part of one of the fields."""
    wanted = Q()
    for word in words.split()[:MOST_WORDS]:
        # SQLite takes Å and å for different letters.
        texts = {word} if word.isascii() else {word, word.lower(), word.capitalize()}
        wanted &= reduce(or_, (Q(**{f"{field}__icontains": text}) for field in fields for text in texts))
    return wanted


def page_of(request: HttpRequest, rows: Any, most_rows: int) -> tuple[Page[Any], str]:
    """Return the requested page, and the remaining query string for links to other pages."""
    asked = request.GET.copy()
    asked.pop("page", None)
    return Paginator(rows, most_rows).get_page(request.GET.get("page")), asked.urlencode()
