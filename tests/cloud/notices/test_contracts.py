"""Contracts that residents are served under, and the notifications that their contacts get (N4, N5)."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from cloud.audit.models import Change
from cloud.delivery.models import Delivery
from cloud.help.log import note
from cloud.help.models import HelpStep
from cloud.notices import contracts, events
from cloud.notices.models import Contract, NoticeRule, NoticeTemplate, Recipient
from cloud.notices.watch import NoticeWatch, find, send
from cloud.organisations.models import Organisation
from cloud.organisations.roles import Role
from cloud.people.models import Contact, Resident
from cloud.people.signals import resident_moved
from tests.cloud.homes import Home, make_resident, make_user

pytestmark = [pytest.mark.requirement("N4"), pytest.mark.postgresql]


def person(home: Home, name: str, *emails: str, contact: Contact | None = None) -> Recipient:
    """Create a recipient with these addresses."""
    made = Recipient.objects.create(organisation=home.organisation, contact=contact, name=name, language="en")
    for email in emails:
        made.addresses.create(kind="email", value=email)
    return made


def template(home: Home, *to: str) -> NoticeTemplate:
    """Create a template of help with these recipients."""
    made = NoticeTemplate.objects.create(
        organisation=home.organisation, event="help-raised", name="Words", body_en="{resident}"
    )
    for each in to:
        NoticeRule.objects.create(template=made, to=each)
    return made


def out() -> list[str]:
    """Return the addresses that something goes out to."""
    return sorted(Delivery.objects.exclude(key__startswith="old-").values_list("address", flat=True))


@pytest.fixture
def contract(home: Home) -> Contract:
    """The home's contract with one contact of each role, one with both, and one who is a locked relative."""
    home.contract.contacts.all().delete()
    locked = Contact.objects.create(organisation=home.organisation, first_name="Locked", locked=True)
    for recipient, is_main, is_notified in (
        (person(home, "Payer", "payer@example.org", "second@example.org"), True, False),
        (person(home, "Clerk", "clerk@example.org"), False, True),
        (person(home, "Both", "both@example.org"), True, True),
        (person(home, "Locked", "locked@example.org", contact=locked), True, True),
    ):
        home.contract.contacts.create(recipient=recipient, is_main=is_main, is_notified=is_notified)
    return home.contract


@pytest.mark.requirement("N5")
@pytest.mark.parametrize(
    ("to", "addresses"),
    [
        (["contract-main"], ["both@example.org", "payer@example.org"]),
        (["contract"], ["both@example.org", "clerk@example.org"]),
        (["contract-main", "contract"], ["both@example.org", "clerk@example.org", "payer@example.org"]),
    ],
)
def test_contacts_of_the_residents_contract_are_notified_by_role(
    home: Home, contract: Contract, to: list[str], addresses: list[str]
) -> None:
    """Each once, whichever rules find them; nobody who is locked."""
    template(home, *to)
    note(home.help, HelpStep.Kind.RAISED, at=timezone.now())
    NoticeWatch().turn()
    NoticeWatch().turn()
    assert out() == addresses


@pytest.mark.parametrize(
    ("begins", "ends", "is_in_force"),
    [(-1, None, True), (0, 0, True), (-9, -1, False), (1, None, False)],
)
def test_a_contract_counts_from_its_first_day_to_its_last(
    home: Home, contract: Contract, begins: int, ends: int | None, is_in_force: bool
) -> None:
    """On the desk's calendar."""
    today = timezone.localdate()
    contract.begins = today + timedelta(days=begins)
    contract.ends = None if ends is None else today + timedelta(days=ends)
    contract.save()
    assert contract.holds_on(today) == is_in_force
    template(home, "contract")
    note(home.help, HelpStep.Kind.RAISED, at=timezone.now())
    NoticeWatch().turn()
    assert bool(out()) == is_in_force


def test_who_the_contacts_are_is_asked_when_it_is_sent(home: Home, contract: Contract) -> None:
    """A contact person of after the event is notified; one who has left the contract is not."""
    template(home, "contract")
    now = timezone.now()
    note(home.help, HelpStep.Kind.RAISED, at=now)
    find([source for source, _every_s in events.sources().values()], now)
    contract.contacts.all().delete()
    contract.contacts.create(recipient=person(home, "New", "new@example.org"), is_notified=True)
    send(now)
    assert out() == ["new@example.org"]


def test_a_contract_is_written_and_changed_at_the_desk(desk: Client, home: Home) -> None:
    """Number, payer, days; contact persons by role; residents; all of it in the record of changes."""
    new = {"number": "K 12", "payer": "City of Espoo", "begins": "2030-01-01", "ends": "2029-01-01"}
    new["organisation"] = str(home.organisation.pk)
    assert "before the beginning" in desk.post("/notices/contracts/new/", new).text
    assert desk.post("/notices/contracts/new/", new | {"ends": ""}).status_code == 302
    assert "has this number" in desk.post("/notices/contracts/new/", new | {"ends": ""}).text
    made = Contract.objects.get(number="K 12")
    where = f"/notices/contracts/{made.pk}/"
    clerk = person(home, "Clerk", "clerk@example.org")
    assert "at least one of both" in desk.post(f"{where}contact/", {"recipient": clerk.pk}).text
    desk.post(f"{where}contact/", {"recipient": clerk.pk, "is_notified": "on"})
    second = make_resident(home.organisation, "Second")
    for resident in (home.resident, second, second):
        desk.post(f"{where}resident/", {"resident": resident.pk})
    assert [each.resident for each in made.covered.all()] == [home.resident, second]
    page = desk.get(where).text
    assert "clerk@example.org" in page
    assert "Second Virtanen" in page
    assert "K 12 · City of Espoo" in desk.get("/notices/contracts/?q=espoo").text
    assert "K 12" not in desk.get("/notices/contracts/?q=vantaa").text
    kinds = set(Change.objects.values_list("kind", flat=True))
    assert {"notices.contract", "notices.contractcontact", "notices.contractresident"} <= kinds


def test_administrators_edit_contracts_and_others_see_them_at_the_resident(home: Home) -> None:
    """A nurse sees number, payer and contact persons, and no way to change them."""
    pages = {}
    for role in (Role.NURSE, Role.ADMINISTRATOR):
        client = Client()
        client.force_login(make_user(home.organisation, roles=[role]))
        pages[role] = client.get(f"/residents/{home.resident.pk}/").text
        may = client.get(f"/notices/contracts/{home.contract.pk}/").status_code
        assert may == (200 if role == Role.ADMINISTRATOR else 403)
    assert all("Lehmus 7 · Lehmus city" in page and "Lehmus recipient" in page for page in pages.values())
    assert f"/notices/contracts/{home.contract.pk}/" not in pages[Role.NURSE]
    assert f"/notices/contracts/{home.contract.pk}/" in pages[Role.ADMINISTRATOR]


def test_a_foreign_resident_or_person_cannot_be_slipped_in(desk: Client, home: Home, foreign: Home) -> None:
    """Into one's own contract; nor can a contract be written for another organisation."""
    where = f"/notices/contracts/{home.contract.pk}/"
    desk.post(f"{where}resident/", {"resident": foreign.resident.pk})
    desk.post(f"{where}contact/", {"recipient": foreign.recipient.pk, "is_main": "on"})
    new = {"number": "X", "payer": "X", "begins": "2030-01-01", "organisation": foreign.organisation.pk}
    desk.post("/notices/contracts/new/", new)
    assert [each.resident for each in home.contract.covered.all()] == [home.resident]
    assert [each.recipient for each in home.contract.contacts.all()] == [home.recipient]
    assert not Contract.objects.filter(number="X").exists()


def test_who_moves_away_leaves_the_contracts_of_the_old_organisation(home: Home, foreign: Home) -> None:
    """A move below the contract's organisation changes nothing."""
    floor = Organisation(name="Floor", parent=home.organisation)
    floor.save()
    for organisation, remain in ((floor, 1), (foreign.organisation, 0)):
        before, home.resident.organisation = home.resident.organisation, organisation
        home.resident.save()
        resident_moved.send(Resident, resident=home.resident, before=before)
        assert home.contract.covered.count() == remain


@pytest.mark.requirement("V17")
def test_a_contract_of_nobody_else_goes_with_an_anonymised_resident(home: Home, desk: Client) -> None:
    """One that serves others too stays, without them."""
    shared = Contract.objects.create(
        organisation=home.organisation, number="S", payer="City", begins=date(2020, 1, 1)
    )
    second = make_resident(home.organisation, "Second")
    for resident in (home.resident, second):
        shared.covered.create(resident=resident)
    contracts.forget(home.resident)
    assert list(Contract.objects.all()) == [shared]
    assert [each.resident for each in shared.covered.all()] == [second]
