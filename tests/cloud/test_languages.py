"""Four languages, and never two on one page (K13)."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.conf import settings
from django.test import Client

from tests.cloud.homes import Home
from tests.cloud.test_scope import PRIVATE, address

pytestmark = pytest.mark.requirement("K13")

PAGES = [route for route in PRIVATE if route != "live/" and "/remote-view/" not in route]


def words(language: str) -> Iterator[str]:
    """Every translation into a language that is long enough to be nothing else."""
    file = Path(settings.LOCALE_PATHS[0], language, "LC_MESSAGES", "django.po")
    with file.open("rb") as stream:
        for message in read_po(stream):
            if message.id and isinstance(message.string, str) and "%" not in message.string:
                yield message.string


@pytest.fixture(scope="module")
def only_finnish() -> set[str]:
    """What is said in Finnish and in no other language."""
    others = " ".join(word for language in ("sv", "da") for word in words(language)).lower()
    return {word for word in words("fi") if len(word) > 5 and word.lower() not in others}


def test_no_page_keeps_words_of_another_language(desk: Client, home: Home, only_finnish: set[str]) -> None:
    """Read by a Finnish nurse first, every page is all Swedish to a Swedish one."""
    for language in ("fi", "sv"):
        home.user.language = language
        home.user.save()
        pages = {route: _text(desk, address(route, home)) for route in PAGES}
    left = {route: [word for word in only_finnish if _stands_in(word, page)] for route, page in pages.items()}
    assert {route: found for route, found in left.items() if found} == {}


def _text(desk: Client, path: str) -> str:
    answer = desk.get(path, follow=True)
    if not answer.headers["Content-Type"].startswith("text/"):
        return ""
    return unescape(re.sub(r"<[^>]*>", "\n", answer.content.decode())).lower()


def _stands_in(word: str, page: str) -> bool:
    sought = word.lower()
    # Most do not stand there at all: no pattern is made for them.
    return sought in page and re.search(rf"(?<!\w){re.escape(sought)}(?!\w)", page) is not None
