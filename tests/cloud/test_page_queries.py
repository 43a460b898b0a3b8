"""A page asks the database few questions, and not more of them where there is more to show."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cloud.calls.models import CallSettings
from tests.cloud.homes import Home, make_home, make_resident
from tests.cloud.test_scope import PRIVATE, address

MOST_QUERIES = 12
# Another one for each kind of row that was changed, and for each proposal that waits.
GROWS = {"changes/", "changes/export.csv", "proposals/"}
# These stream, or answer with a picture.
NOT_PAGES = ("live/", "metrics", "devices/<slug:device>/remote-view/")

pytestmark = [pytest.mark.requirement("V1"), pytest.mark.postgresql]


def test_pages_ask_at_most_a_dozen_questions_however_much_there_is(home: Home, desk: Client) -> None:
    """With three times as many organisations, and one of everything in each, no page needs another query."""
    _add_home_below(home, "Ala")
    few = _queries(home, desk)
    for mark in ("Ylä", "Keski"):
        _add_home_below(home, mark)
    many = _queries(home, desk)
    assert {route: asked for route, asked in many.items() if asked > MOST_QUERIES} == {}
    assert {route for route, asked in many.items() if asked > few[route]} <= GROWS


def _add_home_below(home: Home, mark: str) -> None:
    below = make_home(mark, parent=home.organisation)
    make_resident(below.organisation, f"{mark} second")
    CallSettings.objects.create(organisation=below.organisation, duty_officer=below.contact)


def _queries(home: Home, desk: Client) -> dict[str, int]:
    found = {}
    for route in PRIVATE:
        path = address(route, home)
        if route.startswith(NOT_PAGES):
            continue
        with CaptureQueriesContext(connection) as queries:
            answer = desk.get(path)
            answer.getvalue()
        if answer.status_code == 200:
            found[route] = len(queries)
    return found
