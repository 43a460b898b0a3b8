"""Four languages, and never two on one page (K13)."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po
from django.conf import settings
from django.forms import ModelForm
from django.test import Client
from django.utils.functional import Promise

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


def test_every_label_of_a_form_is_translated() -> None:
    """A name that Django makes from that of a model's field stays English in every language."""
    labels = {
        f"{form.__module__}.{form.__name__}.{name}": field.label
        for form in _below(ModelForm)
        if form.__module__.startswith("cloud.")
        for name, field in form.base_fields.items()
        if not field.widget.is_hidden
    }
    assert len(labels) > 100
    assert [name for name, label in labels.items() if not isinstance(label, Promise) and label] == []


def _below(form: "type[ModelForm[Any]]") -> Iterator["type[ModelForm[Any]]"]:
    for each in form.__subclasses__():
        yield each
        yield from _below(each)


def _text(desk: Client, path: str) -> str:
    answer = desk.get(path, follow=True)
    if not answer.headers["Content-Type"].startswith("text/"):
        return ""
    return unescape(re.sub(r"<[^>]*>", "\n", answer.content.decode())).lower()


def _stands_in(word: str, page: str) -> bool:
    sought = word.lower()
    # Most do not stand there at all: no pattern is made for them.
    return sought in page and re.search(rf"(?<!\w){re.escape(sought)}(?!\w)", page) is not None
