"""Whatever is taken back ends at once: rights, accounts, devices (V8, V9, V12, V17)."""

from typing import Any

import pytest
from django.test import Client

from cloud.calls.models import Call, DeviceLogEntry, ForcedCallEntry, PersonalLink
from cloud.people.models import Contact, Photo, Relation, Resident
from device.contract.events import CallAnswered, CallConnected, CallPlaced
from tests.cloud.calls.callers import ANSWER, Caller, allow_forced, command_bodies, newest, says
from tests.cloud.calls.test_forced import logged
from tests.cloud.homes import Home, confirm_as_another
from tests.cloud.test_care import HOURS


def talking(caller: Caller, home: Home, *, forced: bool = False) -> Call:
    """A call that goes on."""
    if forced:
        allow_forced(home)
        caller.force(home)
    else:
        caller.call(home)
    call = newest()
    says(home.device, CallAnswered(call_id=call.pk, answer=ANSWER))
    says(home.device, CallConnected(call_id=call.pk))
    return call


def why(home: Home) -> list[str]:
    """Return the reasons that the device was sent."""
    return [body["why"] for body in command_bodies(home.device, "end-call")]


def people(home: Home) -> list[dict[str, Any]]:
    """Who is on the resident's screen."""
    contacts: list[dict[str, Any]] = home.device.documents.get(name="people").body["contacts"]
    return contacts


@pytest.mark.requirement("V8")
def test_locking_takes_off_the_screen_and_ends_the_call(desk: Client, caller: Caller, home: Home) -> None:
    """Both at once; unlocked, they are back."""
    talking(caller, home)
    where = f"/residents/{home.resident.pk}/people/{home.relation.pk}/lock/"
    desk.post(where)
    assert (people(home), why(home)) == ([], ["withdrawn"])
    assert caller.call(home).status_code == 403
    desk.post(where)
    assert len(people(home)) == 1
    assert caller.call(home).status_code == 200


def test_unlinking_ends_the_call(desk: Client, caller: Caller, home: Home) -> None:
    """Off the list is out of the call."""
    talking(caller, home)
    desk.post(f"/residents/{home.resident.pk}/people/{home.relation.pk}/unlink/")
    assert why(home) == ["withdrawn"]


@pytest.mark.requirement("V9")
def test_a_device_taken_out_of_use_ends_the_call(desk: Client, caller: Caller, home: Home) -> None:
    """In repair it is in nobody's call."""
    talking(caller, home)
    desk.post(f"/devices/{home.device.pk}/device/", {"use": "in-repair", "resident": home.resident.pk})
    assert why(home) == ["withdrawn"]


@pytest.mark.requirement("V12")
@pytest.mark.parametrize("what", ["box", "consent", "right", "sight"])
def test_a_forced_call_ends_with_its_right(desk: Client, caller: Caller, home: Home, what: str) -> None:
    """Box, consent, the relative's own right, and being seen: each of them."""
    talking(caller, home, forced=True)
    care = {**HOURS, "forced_by_relatives": "on", "consent_by": "Aino", "consent_on": "2026-01-01"}
    relation = {"words": "", "visible_to_resident": "on", "may_force_call": "on"}
    contact = {"first_name": "Lehmus", "last_name": "Relative", "role": "relative", "presence": "away"}
    if what in ("box", "consent"):
        gone = {"box": ("forced_by_relatives",), "consent": ("forced_by_relatives", "consent_by")}[what]
        fields = {name: value for name, value in care.items() if name not in gone}
        desk.post(f"/residents/{home.resident.pk}/care/", fields)
    else:
        del relation["may_force_call" if what == "right" else "visible_to_resident"]
        desk.post(f"/residents/{home.resident.pk}/people/{home.relation.pk}/", {**contact, **relation})
    assert newest().why == "withdrawn"
    assert why(home) == ["withdrawn"]


def test_what_does_not_concern_the_call_does_not_end_it(desk: Client, caller: Caller, home: Home) -> None:
    """An ordinary call outlives a change of the forced calls' boxes."""
    talking(caller, home)
    desk.post(f"/residents/{home.resident.pk}/care/", HOURS)
    assert newest().state == "connected"


@pytest.mark.requirement("K10")
@pytest.mark.parametrize("box", ["forced_by_professionals", "forced_by_relatives"])
def test_no_box_without_consent(desk: Client, home: Home, box: str) -> None:
    """The settings refuse to be saved, and say what is missing."""
    where = f"/residents/{home.resident.pk}/care/"
    assert "need consent on file" in desk.post(where, {**HOURS, box: "on"}).content.decode()
    both = {**HOURS, box: "on", "consent_by": "Aino Virtanen", "consent_on": "2026-01-02"}
    assert desk.post(where, both).status_code == 302
    confirm_as_another(home)
    policy = home.device.documents.get(name="policy").body["forced_calls"]
    assert (policy[box.removeprefix("forced_")], policy["consent_on_file"]) == (True, True)
    tomorrow = desk.post(where, {**both, "consent_on": "2999-01-01"}).content.decode()
    assert "has not come yet" in tomorrow


@pytest.mark.requirement("V17")
def test_anonymised(desk: Client, caller: Caller, home: Home) -> None:
    """Unlinked, nameless, without a key; the call has ended, and the records of it stay."""
    call = talking(caller, home, forced=True)
    says(home.device, logged(home, 1))
    Contact.objects.update(email="leena@example.org", phone="+358401234567")
    Resident.objects.update(photo=None)
    desk.post(f"/calls/links/{home.relation.pk}/anonymise/")
    confirm_as_another(home)
    contact = Contact.objects.get(pk=home.contact.pk)
    assert (contact.first_name, contact.last_name, contact.email, contact.phone) == ("", "", "", "")
    assert not Relation.objects.exists()
    assert not Photo.objects.exists()
    assert not PersonalLink.objects.filter(revoked_at=None).exists()
    assert (people(home), why(home)) == ([], ["withdrawn"])
    call.refresh_from_db()
    assert (call.contact, call.reason_text, call.why) == (contact, "No answer at the door", "withdrawn")
    assert ForcedCallEntry.objects.filter(contact_id=contact.pk).count() == 2
    assert DeviceLogEntry.objects.get().body["name"] == ""
    page = desk.get("/calls/forced/").content.decode()
    assert f"Former contact {contact.pk}" in page
    assert "nothing is missing or changed" in page
    assert "Lehmus Relative" not in page + desk.get("/calls/csv/").content.decode()
    known = desk.get(f"/residents/{home.resident.pk}/people/").content.decode()
    assert "Former contact" not in known


def test_it_stops_ringing_at_somebody_locked(desk: Client, caller: Caller, home: Home) -> None:
    """The resident is notified that nobody is left."""
    says(home.device, CallPlaced(call_id="r1", contact_ids=[str(home.contact.pk)]))
    desk.post(f"/residents/{home.resident.pk}/people/{home.relation.pk}/lock/")
    assert why(home) == ["not-reachable"]
