"""Residents and the people around them, as a nurse enters them."""

import pytest
from django.test import Client

from cloud.people.models import Contact, Relation, Resident
from tests.cloud.homes import Home

ODD_NAMES = [
    "<script>alert(1)</script>",
    "O'Brien-Åström #1 @home",
    "Ωμέγα",
    "محمد",
    "李",
    "Ő" * 150,
    "{{ 7|add:7 }}",
]


def new_resident(desk: Client, home: Home, first: str, last: str) -> str:
    """The page after somebody was entered."""
    fields = {"first_name": first, "last_name": last, "organisation": home.organisation.pk}
    return desk.post("/residents/new/", fields, follow=True).content.decode()


@pytest.mark.requirement("V3")
@pytest.mark.parametrize(
    ("first", "last"), [("", "Virtanen"), ("Aino", ""), ("   ", "Virtanen"), ("Aino", "\t")]
)
def test_both_names_are_needed(desk: Client, home: Home, first: str, last: str) -> None:
    """An empty name is refused at its field."""
    page = new_resident(desk, home, first, last)
    assert "This field is required." in page
    assert Resident.objects.count() == 1


@pytest.mark.requirement("V4")
@pytest.mark.parametrize("name", ODD_NAMES)
def test_any_script_is_a_name(desk: Client, home: Home, name: str) -> None:
    """Names of any script and with any sign are kept as they are and shown as text."""
    page = new_resident(desk, home, name, "Virtanen")
    assert Resident.objects.filter(last_name="Virtanen", first_name=name).exists()
    assert "<script>alert" not in page


@pytest.mark.requirement("V4")
def test_overlong_name_is_refused_not_cut(desk: Client, home: Home) -> None:
    """A name of 300 characters is refused with its length; the browser does not cut it off."""
    page = new_resident(desk, home, "A" * 300, "Virtanen")
    assert "at most 150 characters (it has 300)" in page
    assert "maxlength" not in page


def test_new_resident_has_a_view_and_care_settings(desk: Client, home: Home) -> None:
    """Everybody can be given a device from the first day."""
    new_resident(desk, home, "Eino", "Leino")
    eino = Resident.objects.get(first_name="Eino")
    assert eino.view.clock
    assert not eino.care.remote_view_allowed


def test_residents_are_found_by_name(desk: Client, home: Home) -> None:
    """The search takes any part of both names, and a search for nobody says so."""
    assert "Lehmus Virtanen" in desk.get("/residents/", {"q": "virt lehm"}).content.decode()
    assert "Nobody has that name" in desk.get("/residents/", {"q": "%' --\0"}).content.decode()


def contact_fields(**fields: object) -> dict[str, object]:
    """A contact as the form sends it."""
    usual = {"first_name": "Leena", "last_name": "Virtanen", "role": "relative", "presence": "away"}
    return {**usual, "words": "tytär", "visible_to_resident": "on", **fields}


def people(home: Home) -> str:
    """The address of the resident's people."""
    return f"/residents/{home.resident.pk}/people/"


def on_screen(home: Home) -> list[str]:
    """Return the first names that the device is sent, in order."""
    return [contact["first_name"] for contact in home.device.documents.get(name="people").body["contacts"]]


def test_new_contact_goes_to_the_screen(desk: Client, home: Home) -> None:
    """A new contact is in the next people document, with normalised numbers."""
    desk.post(f"{people(home)}new/", contact_fields(phone="040 123 4567"))
    contacts = home.device.documents.get(name="people").body["contacts"]
    assert [contact["first_name"] for contact in contacts] == ["Lehmus", "Leena"]
    assert contacts[1]["phone"] == "+358401234567"


def test_wrong_number_is_refused(desk: Client, home: Home) -> None:
    """What is no number is said to be none, with an example."""
    page = desk.post(f"{people(home)}new/", contact_fields(phone="ask Leena")).content.decode()
    assert "This is not a telephone number" in page
    assert Contact.objects.count() == 1


@pytest.mark.requirement("V8")
def test_locking_hides_at_once_and_removes_nothing(desk: Client, home: Home) -> None:
    """A locked contact is off the screen; unlocked, back again."""
    lock = f"{people(home)}{home.relation.pk}/lock/"
    desk.post(lock)
    assert on_screen(home) == []
    assert Relation.objects.filter(pk=home.relation.pk).exists()
    desk.post(lock)
    assert on_screen(home) == ["Lehmus"]


@pytest.mark.requirement("V8")
def test_unlinking_keeps_the_account(desk: Client, home: Home) -> None:
    """Somebody taken off one resident's list still exists."""
    desk.post(f"{people(home)}{home.relation.pk}/unlink/")
    assert on_screen(home) == []
    assert Contact.objects.filter(pk=home.contact.pk).exists()


@pytest.mark.requirement("V14")
def test_visibility_can_be_one_way(desk: Client, home: Home) -> None:
    """A contact that is hidden from the resident is not in the document."""
    fields = contact_fields(first_name="Lehmus")
    del fields["visible_to_resident"]
    desk.post(f"{people(home)}{home.relation.pk}/", fields)
    assert on_screen(home) == []


@pytest.mark.requirement("V15")
def test_order_is_the_desks_favourites_first(desk: Client, home: Home) -> None:
    """The list moves up and down within favourites and others."""
    for name in ("Mikko", "Sanna"):
        desk.post(f"{people(home)}new/", contact_fields(first_name=name))
    sanna = Relation.objects.get(contact__first_name="Sanna")
    desk.post(f"{people(home)}{sanna.pk}/up/")
    assert on_screen(home) == ["Lehmus", "Sanna", "Mikko"]
    mikko = Relation.objects.get(contact__first_name="Mikko")
    desk.post(f"{people(home)}{mikko.pk}/", contact_fields(first_name="Mikko", favourite="on"))
    assert on_screen(home) == ["Mikko", "Lehmus", "Sanna"]


@pytest.mark.requirement("V15")
def test_known_contact_is_linked_to_another_resident(desk: Client, home: Home) -> None:
    """A relative of one resident can be added to another without being typed again."""
    new_resident(desk, home, "Eino", "Leino")
    eino = Resident.objects.get(first_name="Eino")
    desk.post(f"/residents/{eino.pk}/people/known/", {"contact": home.contact.pk})
    assert eino.relations.get().contact == home.contact
    assert Contact.objects.count() == 1


def test_residents_are_listed_a_page_at_a_time(desk: Client, home: Home) -> None:
    """However many there are, a page is short; the search goes on to the next one."""
    Resident.objects.bulk_create(
        Resident(organisation=home.organisation, first_name="Maija", last_name=f"Mäki{at:03}")
        for at in range(70)
    )
    first = desk.get("/residents/?q=maija").content.decode()
    assert "Mäki049" in first
    assert "Mäki050" not in first
    assert "?q=maija&amp;page=2" in first
    assert "Mäki069" in desk.get("/residents/?q=maija&page=2").content.decode()
