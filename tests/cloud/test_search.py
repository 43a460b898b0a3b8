"""One box finds residents, people around them, devices, users and calls for help, as far as roles allow."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cloud.base.search import subjects
from cloud.desk.search_view import MOST_OF_SUBJECT
from cloud.help.models import HelpRequest
from cloud.organisations.roles import Role
from cloud.people.models import Contact, Resident, ResidentHome
from tests.cloud.homes import Home, make_home, make_resident, make_user
from tests.cloud.test_page_queries import MOST_QUERIES

pytestmark = [pytest.mark.requirement("V27"), pytest.mark.postgresql]


def found(client: Client, words: str) -> dict[str, list[str]]:
    """The titles of what was found, by subject."""
    answer = client.get("/search/", {"q": words})
    assert answer.status_code == 200
    return {each.subject.key: [hit.title for hit in each.hits] for each in answer.context["found"]}


def client_of(home: Home, *roles: Role) -> Client:
    """A browser of somebody of this home with these roles."""
    client = Client()
    client.force_login(make_user(home.organisation, roles=roles))
    return client


def test_one_word_finds_every_subject(home: Home, desk: Client) -> None:
    """Each with a link to its page, which opens."""
    closed = HelpRequest.objects.get(pk=home.help.pk)
    closed.pk, closed.help_id = None, "another"
    closed.save()
    HelpRequest.objects.filter(pk=closed.pk).update(closed_at=timezone.now())
    answer = desk.get("/search/", {"q": home.mark.lower()})
    groups = answer.context["found"]
    assert [each.subject.key for each in groups] == [each.key for each in subjects()]
    for each in groups:
        assert desk.get(each.hits[0].url).status_code == 200, each.subject.key


def test_every_word_counts_and_the_home_too(home: Home, desk: Client) -> None:
    """Two words are one person; a room, a telephone number and the beginning of a device's id are enough."""
    resident = make_resident(home.organisation, "Tyyne Åström")
    ResidentHome.objects.create(resident=resident, room="B 27", phone="+358401234567")
    for words in ("tyyne åström", "TYYNE", "b 27", "4012345"):
        assert found(desk, words)["residents"] == [str(resident)], words
    assert found(desk, home.device.pk[:9])["devices"] == [str(home.resident)]
    assert found(desk, "tyyne nobody") == {}


def test_nobody_finds_what_they_may_not_see(home: Home) -> None:
    """Of another organisation nothing; of one's own what the roles allow."""
    other = make_home("Muu")
    nurse, installer = client_of(home, Role.NURSE), client_of(home, Role.INSTALLER)
    auditor, operator = client_of(home, Role.AUDITOR), client_of(home, Role.PARTNER_OPERATOR)
    assert found(nurse, other.mark) == {}
    assert set(found(nurse, home.mark)) == {"open-help", "residents", "contacts", "devices"}
    assert set(found(installer, home.mark)) == {"devices"}
    assert found(auditor, home.mark) == found(operator, home.mark) == {}
    home.help.closed_at = timezone.now()
    home.help.save()
    assert set(found(auditor, home.mark)) == {"closed-help"}
    assert found(client_of(home, Role.ADMINISTRATOR), home.mark).keys() >= {"residents", "users"}


def test_who_is_gone_is_found_last_or_never(home: Home, desk: Client) -> None:
    """Residents in the archive come after those who live there; the anonymised do not come at all."""
    away, gone = make_resident(home.organisation, "Aino Aalto"), make_resident(home.organisation, "Aino Ahti")
    present = make_resident(home.organisation, "Aino Yrttiaho")
    Resident.objects.filter(pk=away.pk).update(archived_at=home.help.received_at)
    Resident.objects.filter(pk=gone.pk).update(anonymised_at=home.help.received_at)
    assert found(desk, "aino")["residents"] == [str(present), str(away)]


def test_a_page_is_short_and_asks_few_questions(home: Home, desk: Client) -> None:
    """However many fit: the first of each subject, and the way to all of them."""
    Contact.objects.bulk_create(
        Contact(organisation=home.organisation, first_name="Many", last_name=f"Of them {n}")
        for n in range(50)
    )
    with CaptureQueriesContext(connection) as queries:
        page = desk.get("/search/", {"q": "many"}).content.decode()
    assert len(queries) <= MOST_QUERIES
    assert page.count("Many Of them") == MOST_OF_SUBJECT
    assert "/relatives/contacts/?q=many" in page
    assert desk.get("/relatives/contacts/?q=many").content.decode().count("<strong>Many Of them") > 40


@pytest.mark.parametrize(
    "words", ["", "\0", "%", "'; --", "å" * 400, " ".join("abcdefghijklmnop"), "☕ שלום"]
)
def test_anything_can_be_typed(words: str, home: Home, desk: Client) -> None:
    """Nothing breaks, and nobody is found by a sign of the database's own."""
    assert found(desk, words) == {}


def test_the_box_stands_on_every_page(home: Home, desk: Client) -> None:
    """With its name; the page of the search has a larger one instead."""
    assert desk.get("/residents/").content.decode().count('id="everywhere"') == 1
    assert desk.get("/search/").content.decode().count('id="everywhere"') == 0
