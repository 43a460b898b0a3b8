"""From the desk's models to the documents of a device."""

from collections.abc import Callable
from datetime import timedelta
from threading import Event, Thread
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import translation

from cloud.calendar.models import Appointment, Cafe
from cloud.devices import documents, refresh_watch
from cloud.devices.models import DesiredDocument, Device, DueRefresh
from cloud.organisations.models import Organisation
from cloud.people.models import CareSettings, Contact, EscalationContact, Photo, Relation, Resident
from cloud.screens.models import ResidentView
from device.contract.documents import Calendar, People, Policy, View
from tests.link.tablet import Identity
from tests.link.waiting import eventually

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]


@pytest.mark.requirement("K1")
def test_a_version_grows_only_with_a_change(enrolled_device: Identity, resident: Resident) -> None:
    """Saving the same again sends nothing."""
    documents.refresh_resident(resident)
    assert _versions(enrolled_device) == {
        "view": 1,
        "people": 1,
        "calendar": 1,
        "policy": 1,
        "cafe": 1,
        "queue": 1,
        "messages": 1,
    }
    resident.view.clock = False
    resident.view.save()
    documents.refresh_resident(resident)
    assert _versions(enrolled_device) == {
        "view": 2,
        "people": 1,
        "calendar": 1,
        "policy": 1,
        "cafe": 1,
        "queue": 1,
        "messages": 1,
    }


@pytest.mark.requirement("V1")
def test_the_view_says_every_element(enrolled_device: Identity, resident: Resident) -> None:
    """Each of the seven, as saved, with language, zone and colours."""
    resident.view.mute = False
    resident.view.language = "sv"
    resident.view.save()
    documents.refresh_resident(resident)
    view = _document(enrolled_device, "view")
    assert isinstance(view, View)
    assert (view.elements.cafe, view.elements.mute, view.elements.urgent_call) == (True, False, False)
    assert (view.language, view.time_zone, view.theme.night_from) == ("sv", "Europe/Helsinki", "21:00")


@pytest.mark.requirement("V8", "V14")
def test_who_must_not_be_seen_does_not_go_out(enrolled_device: Identity, resident: Resident) -> None:
    """A locked contact, and one who sees without being seen, leave the device at once."""
    _relative(resident, "Matti", favourite=False)
    _relative(resident, "Locked").contact.__class__.objects.filter(first_name="Locked").update(locked=True)
    _relative(resident, "Silent", visible_to_resident=False)
    _relative(resident, "Liisa", favourite=True)
    documents.refresh_resident(resident)
    people = _document(enrolled_device, "people")
    assert isinstance(people, People)
    assert [contact.first_name for contact in people.contacts] == ["Liisa", "Matti"]
    assert people.resident.first_name == "Aino"


@pytest.mark.requirement("V4")
def test_any_name_is_a_name(enrolled_device: Identity, resident: Resident) -> None:
    """Markup, quotes and any script go out as they are."""
    names = ["<b>O'Neil</b> & #1 @", "Ælfþryð", "山田 太郎", "😀" * 10]
    for name in names:
        _relative(resident, name)
    documents.refresh_resident(resident)
    people = _document(enrolled_device, "people")
    assert isinstance(people, People)
    assert sorted(contact.first_name for contact in people.contacts) == sorted(names)


@pytest.mark.requirement("V25")
def test_calendar_and_cafe(enrolled_device: Identity, resident: Resident) -> None:
    """Appointments by wall time; the café of the nearest organisation; a change reaches all devices below."""
    Appointment.objects.create(resident=resident, title="Doctor", starts="2026-12-01T10:00")
    cafe = Cafe.objects.create(
        organisation=resident.organisation,
        name="Kuppila",
        hours=[{"days": [1, 2], "opens": "13:00", "closes": "15:00"}],
    )
    documents.refresh_organisation(resident.organisation)
    calendar = _document(enrolled_device, "calendar")
    assert isinstance(calendar, Calendar)
    assert [each.starts for each in calendar.occurrences] == ["2026-12-01T10:00"]
    assert calendar.cafe.hours[0].opens == "13:00"
    cafe.closed_on = ["2026-12-24"]
    cafe.save()
    documents.refresh_organisation(resident.organisation)
    assert _versions(enrolled_device)["calendar"] == 3


@pytest.mark.requirement("V9", "S4")
def test_policy(enrolled_device: Identity, resident: Resident) -> None:
    """Use, monitoring, contacts to notify, and whether the desk may view the screen."""
    CareSettings.objects.create(resident=resident, monitored=True, remote_view_allowed=True)
    EscalationContact.objects.create(resident=resident, name="Anna", office_phone="+358401234567")
    Device.objects.update(use="in-repair")
    documents.refresh_resident(resident)
    policy = _document(enrolled_device, "policy")
    assert isinstance(policy, Policy)
    assert (policy.use, policy.monitored, policy.remote_view.allowed) == ("in-repair", True, True)
    assert policy.remote_view.may_touch is False
    assert [contact.office_phone for contact in policy.help.contacts] == ["+358401234567"]


@pytest.mark.requirement("V16")
def test_a_device_without_a_resident_knows_nobody(enrol_device: Callable[..., Identity]) -> None:
    """It shows nothing about anybody."""
    people = _document(enrol_device(), "people")
    assert isinstance(people, People)
    assert people.contacts == []
    assert people.resident.first_name == ""


def test_what_a_device_could_not_read_is_refused_when_it_is_saved(
    enrolled_device: Identity, resident: Resident
) -> None:
    """With the wrong field; nothing of it goes out."""
    EscalationContact.objects.create(resident=resident, name="Anna", office_phone="call me")
    with pytest.raises(ValidationError, match=r"help\.contacts\[0\]\.office_phone"):
        documents.refresh_resident(resident)
    assert _versions(enrolled_device)["policy"] == 1


def test_what_is_too_much_for_a_device_is_refused_when_it_is_saved(
    enrolled_device: Identity, resident: Resident
) -> None:
    """A calendar of more than a megabyte, with its size."""
    Appointment.objects.bulk_create(
        Appointment(resident=resident, title="ö" * 300, place="ö" * 300, starts="2026-12-01T10:00")
        for _ in range(1000)
    )
    with translation.override("en"), pytest.raises(ValidationError, match=r"1\.3 MB"):
        documents.refresh_resident(resident)
    assert _versions(enrolled_device)["calendar"] == 1


def test_a_photo_is_named_by_its_digest(enrolled_device: Identity, resident: Resident) -> None:
    """The picture itself is fetched by the device."""
    relation = _relative(resident, "Matti")
    photo = Photo.objects.create(
        sha256="ab" * 32, organisation=resident.organisation, content_type="image/jpeg", data=b"jpeg"
    )
    Contact.objects.filter(pk=relation.contact.pk).update(photo=photo)
    documents.refresh_resident(resident)
    people = _document(enrolled_device, "people")
    assert isinstance(people, People)
    assert people.contacts[0].photo == "ab" * 32


@pytest.mark.requirement("V27")
def test_a_change_for_all_stays_within_the_organisation(
    enrolled_device: Identity, resident: Resident
) -> None:
    """Other organisations' devices are left alone."""
    elsewhere = Organisation.objects.create(name="Elsewhere")
    other = Device.objects.create(id="a" * 16, organisation=elsewhere, certificate_pem="x")
    documents.refresh_organisation(resident.organisation)
    assert not DesiredDocument.objects.filter(device=other).exists()


def _relative(resident: Resident, name: str, **about: bool) -> Relation:
    contact = Contact.objects.create(
        organisation=resident.organisation, first_name=name, last_name="Virtanen"
    )
    return Relation.objects.create(resident=resident, contact=contact, words="relative", **about)


def _versions(device: Identity) -> dict[str, int]:
    return dict(DesiredDocument.objects.filter(device=device.id).values_list("name", "version"))


@pytest.mark.requirement("V2")
def test_a_view_for_all_holds_up_nobody(
    organisation: Organisation, enrolled_device: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Documents of many are composed outside of any transaction: help is written meanwhile."""
    _many_devices(organisation)
    held: list[bool] = []
    compose = documents.compose

    def watched(device: Device, *only: Any) -> Any:
        held.append(connection.in_atomic_block)
        return compose(device, *only)

    monkeypatch.setattr(documents, "compose", watched)
    Cafe.objects.create(organisation=organisation, name="Kuukkeli")
    documents.refresh_organisation(organisation)
    assert held.count(True) <= documents.MOST_WITHIN
    calendars = DesiredDocument.objects.filter(name="calendar")
    assert {row.body["cafe"]["name"] for row in calendars} == {"Kuukkeli"}
    assert {row.version for row in calendars} == {2}
    assert not DueRefresh.objects.exists()


@pytest.mark.requirement("V2")
def test_a_save_meanwhile_is_not_undone(organisation: Organisation, monkeypatch: pytest.MonkeyPatch) -> None:
    """A single save while all are being updated: the later one counts."""
    last = _many_devices(organisation)[-1]
    compose = documents.compose

    def overtaken(device: Device, *only: Any) -> Any:
        composed = compose(device, *only)
        if device.pk == last and not connection.in_atomic_block:
            Cafe.objects.update(name="Later")
            documents.refresh(device)
        return composed

    Cafe.objects.create(organisation=organisation, name="Earlier")
    monkeypatch.setattr(documents, "compose", overtaken)
    documents.refresh_organisation(organisation)
    stored = DesiredDocument.objects.get(device=last, name="calendar")
    assert (stored.body["cafe"]["name"], stored.version) == ("Later", 2)


@pytest.mark.requirement("V2")
def test_what_a_dead_process_began_is_finished(
    organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An interrupted update of all devices is completed by the background job."""
    _many_devices(organisation)
    Cafe.objects.create(organisation=organisation, name="Kuukkeli")
    with monkeypatch.context() as dying:
        dying.setattr(documents, "finish", lambda _due: None)
        documents.refresh_organisation(organisation)
    assert DesiredDocument.objects.filter(name="calendar", version=1).exists()
    monkeypatch.setattr(refresh_watch, "LEFT_AFTER", timedelta(0))
    monkeypatch.setattr(refresh_watch, "POLL_S", 0.01)
    stopping = Event()
    watching = Thread(target=refresh_watch.RefreshWatch().run, args=(stopping,))
    watching.start()
    eventually(lambda: not DueRefresh.objects.exists(), "finished")
    stopping.set()
    watching.join()
    assert not DesiredDocument.objects.filter(name="calendar", version=1).exists()


def _many_devices(organisation: Organisation) -> list[str]:
    """Create more devices than are updated within the user's transaction."""
    names = [f"{number:016}" for number in range(documents.MOST_WITHIN + 10)]
    for name in names:
        resident = Resident.objects.create(organisation=organisation, first_name="Aino", last_name=name)
        ResidentView.objects.create(resident=resident)
        device = Device.objects.create(
            id=name, organisation=organisation, resident=resident, certificate_pem="pem"
        )
        documents.refresh(device)
    return names


def _document(device: Identity, name: str) -> object:
    return documents.with_version(DesiredDocument.objects.get(device=device.id, name=name))
