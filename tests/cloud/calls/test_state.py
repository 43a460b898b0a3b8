"""What a caller's page shows, which every open page asks for again every few seconds."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cloud.calls import own
from cloud.calls.state import state
from cloud.people.models import Relation
from tests.cloud.calls.callers import Caller
from tests.cloud.homes import Home, make_device, make_resident

pytestmark = pytest.mark.django_db


def queries(link: object, page: str = "page") -> int:
    """How often the database is asked for all that the page shows."""
    with CaptureQueriesContext(connection) as asked:
        state(link, page)  # type: ignore[arg-type]
    return len(asked)


def test_the_database_is_asked_as_often_for_many_residents_as_for_one(caller: Caller, home: Home) -> None:
    """However many lists a relative is on."""
    one = queries(caller.link)
    for number in range(5):
        resident = make_resident(home.organisation, f"Aino{number}")
        make_device(resident)
        Relation.objects.create(resident=resident, contact=home.contact)
    assert queries(caller.link) == one
    assert len(state(caller.link, caller.page)["residents"]) == 6


@pytest.mark.requirement("V10")
def test_nor_more_often_for_a_nurse_who_serves_many(home: Home) -> None:
    """A user of the desk has every resident of the home on the page."""
    link = own.come_in(home.user)
    one = queries(link)
    for number in range(5):
        make_device(make_resident(home.organisation, f"Aino{number}"))
    assert queries(link) == one
    assert len(state(link, "page")["residents"]) == 6
