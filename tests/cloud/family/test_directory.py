"""The directory: who contacts are, whose lists they are on, and many of them changed at once."""

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from cloud.calls import links
from cloud.calls.models import PersonalLink
from cloud.delivery.models import Delivery
from cloud.people.models import Contact, FormerRelation, Relation, Resident
from cloud.proposals.models import Proposal
from tests.cloud.homes import Home, confirm_as_another, make_resident

pytestmark = pytest.mark.django_db


@pytest.fixture
def neighbour(home: Home) -> Resident:
    """A second resident of the home."""
    return make_resident(home.organisation, "Neighbour")


def text(desk: Client, where: str) -> str:
    return desk.get(where).content.decode()


def test_who_has_a_link_and_when_they_were_last_here(desk: Client, home: Home) -> None:
    """With their lists and their number, which calls."""
    Contact.objects.filter(pk=home.contact.pk).update(phone="+358401234567")
    assert "never here" in text(desk, "/relatives/contacts/")
    link, _ = links.make(home.contact, by=None, lifetime=timedelta(days=30))
    PersonalLink.objects.filter(pk=link.pk).update(seen_at=timezone.now())
    page = text(desk, "/relatives/contacts/")
    assert "Lehmus Virtanen" in page
    assert 'href="tel:+358401234567"' in page
    assert "last here" in page
    assert "never here" not in page


@pytest.mark.parametrize(("only", "is_shown"), [("no-list", False), ("no-link", True), ("locked", False)])
def test_only_some_are_shown(desk: Client, home: Home, only: str, *, is_shown: bool) -> None:
    """And searched by any part of name, number or address."""
    assert ("Lehmus Relative" in text(desk, f"/relatives/contacts/?only={only}")) == is_shown
    assert "Lehmus Relative" in text(desk, "/relatives/contacts/?q=lehm+rel")
    assert "Lehmus Relative" not in text(desk, "/relatives/contacts/?q=nobody")


def test_the_next_page_is_of_the_same_search(desk: Client, home: Home) -> None:
    """Words and choice go along."""
    Contact.objects.bulk_create(
        Contact(organisation=home.organisation, first_name="Ä&", last_name=f"{number}")
        for number in range(60)
    )
    page = text(desk, "/relatives/contacts/?q=Ä%26&only=no-list")
    (following,) = re.findall(r'href="(\?[^"]*page=2)"', page)
    assert following == "?q=%C3%84%26&amp;only=no-list&amp;page=2"
    second = text(desk, f"/relatives/contacts/{html.unescape(following)}")
    assert second.count("grow cover") == 10


@pytest.mark.requirement("V15")
def test_several_lists_at_once_and_back_as_it_was(desk: Client, home: Home, neighbour: Resident) -> None:
    """Taken off with checkboxes; what was set comes back within a month, and not later.

    A right to forced calls waits for a second person.
    """
    where = f"/relatives/contacts/{home.contact.pk}/"
    Relation.objects.filter(pk=home.relation.pk).update(
        favourite=True, visible_to_resident=False, may_force_call=True
    )
    desk.post(f"{where}put-on/", {"resident": [home.resident.pk, neighbour.pk]})
    assert Relation.objects.filter(contact=home.contact).count() == 2
    relations = list(Relation.objects.filter(contact=home.contact).values_list("pk", flat=True))
    desk.post(f"{where}take-off/", {"relation": relations})
    assert not Relation.objects.filter(contact=home.contact).exists()
    desk.post(f"{where}put-on/", {"resident": [home.resident.pk]})
    back = Relation.objects.get()
    assert (back.words, back.favourite, back.visible_to_resident) == ("Lehmus daughter", True, False)
    assert not back.may_force_call
    assert Proposal.objects.filter(subject=f"relation:{back.pk}").count() == 1
    desk.post(f"{where}take-off/", {"relation": [back.pk]})
    FormerRelation.objects.update(ended_at=timezone.now() - timedelta(days=31))
    desk.post(f"{where}put-on/", {"resident": [home.resident.pk]})
    assert Relation.objects.get().words == ""


@pytest.mark.requirement("V15")
def test_several_relatives_of_one_resident_at_once(desk: Client, home: Home) -> None:
    """On the list and off it; what is no number, or not there, changes nothing."""
    more = [
        Contact.objects.create(organisation=home.organisation, first_name=f"R{number}", last_name="V")
        for number in range(3)
    ]
    where = f"/relatives/around/{home.resident.pk}/"
    desk.post(f"{where}put-on/", {"contact": [*(each.pk for each in more), "x", "9" * 30]})
    rows = Relation.objects.filter(resident=home.resident)
    assert rows.count() == 4
    checked = list(rows.values_list("pk", flat=True)[:3])
    desk.post(f"{where}take-off/", {"relation": checked})
    assert rows.count() == 1


@pytest.mark.requirement("V27")
def test_nobody_of_others_is_put_or_taken(desk: Client, home: Home, foreign: Home) -> None:
    """Neither their residents nor their contacts."""
    desk.post(f"/relatives/contacts/{home.contact.pk}/put-on/", {"resident": [foreign.resident.pk]})
    desk.post(f"/relatives/around/{home.resident.pk}/put-on/", {"contact": [foreign.contact.pk]})
    desk.post(f"/relatives/around/{home.resident.pk}/take-off/", {"relation": [foreign.relation.pk]})
    assert Relation.objects.count() == 2
    assert "Vieras" not in text(desk, "/relatives/contacts/")


@pytest.mark.requirement("V8")
@pytest.mark.requirement("V17")
def test_somebody_on_no_list_is_locked_and_anonymised(desk: Client, home: Home) -> None:
    """What used to need a resident's page; anonymised only once a second person has confirmed it."""
    Relation.objects.all().delete()
    where = f"/relatives/contacts/{home.contact.pk}/"
    desk.post(f"{where}lock/")
    assert Contact.objects.get().locked
    desk.post(f"{where}lock/")
    assert not Contact.objects.get().locked
    assert desk.post(f"{where}anonymise/").status_code == 302
    assert not Contact.objects.get().anonymised_at
    confirm_as_another(home)
    assert Contact.objects.get().anonymised_at
    assert desk.get(where).status_code == 404


@pytest.mark.parametrize(
    ("fields", "addresses"),
    [({"email": "leena@example.org"}, [["email", "leena@example.org"]]), ({}, None)],
)
def test_a_link_is_sent(desk: Client, home: Home, fields: dict[str, Any], addresses: Any) -> None:
    """The existing link, by an available channel; without an address the page shows an error."""
    Contact.objects.filter(pk=home.contact.pk).update(phone="", **fields)
    before = PersonalLink.objects.count()
    page = desk.post(f"/relatives/contacts/{home.contact.pk}/send-link/", follow=True).content.decode()
    sent = Delivery.objects.filter(about="link")
    if addresses is None:
        assert "neither an e-mail address nor a number" in page
        assert not sent.exists()
        return
    assert sent.get().ways == addresses
    assert PersonalLink.objects.count() == before + 1
    desk.post(f"/relatives/contacts/{home.contact.pk}/send-link/")
    assert PersonalLink.objects.count() == before + 1


def test_a_new_link_is_shown_once_to_be_copied_or_filmed(desk: Client, home: Home) -> None:
    """As text and as a QR code."""
    where = f"/relatives/contacts/{home.contact.pk}/"
    page = desk.post(f"{where}show-link/").content.decode()
    assert "/call/#" in page
    assert "data:image/svg+xml" in page
    assert "/call/#" not in text(desk, where)
