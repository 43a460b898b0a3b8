"""Somebody who has left is looked for in every table and file of the desk, and found nowhere (V17)."""

import subprocess
import sys
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate

from cloud.calls.models import Call
from cloud.delivery.models import Delivery
from cloud.devices import documents
from cloud.devices.models import DeviceEvent, Retirement
from cloud.help.models import HelpRequest, HelpStep
from cloud.messages.models import Message
from cloud.notices.models import Contract, Recipient
from cloud.partner.models import Rota, RotaPerson, RotaSpan
from cloud.people import photo
from cloud.people.models import CareSettings, Contact, EscalationContact, Photo, Resident
from cloud.pki.authority import Authority
from cloud.pki.certificates import authority_certificate, certificate_pem, make_key
from provisioning.demo.place import REPOSITORY
from tests.cloud.homes import Home, confirm_as_another, make_resident, make_user
from tests.cloud.test_care import HOURS
from tests.link.fixtures import authority  # noqa: F401

pytestmark = pytest.mark.requirement("V17")

FIRST, LAST = "Qwertyna", "Zuiöpson"
WHOLE = f"{FIRST} {LAST}"


def found_in() -> list[str]:
    """Every table in which the first or the last name still stands, however it is spelt."""
    spelt = [name for each in (FIRST, LAST) for name in (each, each.encode("unicode_escape").decode())]
    spelt += [LAST.replace("ö", "\\u00f6")]
    found = []
    with connection.cursor() as cursor:
        for model in apps.get_models():
            cursor.execute(f"select * from {connection.ops.quote_name(model._meta.db_table)}")
            text = repr(cursor.fetchall())
            found += [model._meta.label for name in spelt if name in text]
    return sorted(set(found))


@pytest.fixture
def known(desk: Client, home: Home) -> Resident:
    """A resident with a year full of records."""
    home.device.certificate_pem = certificate_pem(authority_certificate(make_key(), "x")).decode()
    home.device.save()
    page = f"/residents/{home.resident.pk}/"
    names = {"first_name": FIRST, "last_name": LAST, "organisation": home.organisation.pk}
    desk.post(page, names)
    resident = Resident.objects.get(pk=home.resident.pk)
    CareSettings.objects.filter(resident=resident).update(consent_by=WHOLE, consent_on=date(2026, 1, 1))
    EscalationContact.objects.create(resident=resident, name=f"{LAST} junior", office_phone="+358401234567")
    documents.refresh(home.device)
    contract = Contract.objects.create(
        organisation=home.organisation, number="K 1", payer=WHOLE, begins=date(2020, 1, 1)
    )
    contract.covered.create(resident=resident)
    HelpRequest.objects.update(outcome_words=f"{FIRST} had fallen", outcome="other", closed_at=timezone.now())
    home.appointment.title = f"A walk with {FIRST}"
    home.appointment.save()
    now = timezone.now()
    Message.objects.create(resident=resident, key="m", title=f"Dear {FIRST}", due_at=now, until=now)
    Delivery.objects.create(
        organisation=home.organisation,
        resident=resident,
        key="d",
        about="help",
        who="Somebody",
        subject=f"{WHOLE} needs help",
        body=WHOLE,
        due_at=now,
        until=now,
        created_at=now,
    )
    DeviceEvent.objects.create(
        id=uuid4(),
        device=home.device,
        sequence=1,
        kind="call-logged",
        body={"name": WHOLE},
        happened_at=now,
        clock_trusted=True,
    )
    Call.objects.create(
        id="call",
        kind="ordinary",
        organisation=home.organisation,
        resident=resident,
        device=home.device,
        contact=home.contact,
        reason_text=f"{FIRST} does not answer",
        offered_at=now,
        heard_at=now,
        state="ended",
    )
    home.meeting.title = f"Birthday of {WHOLE}"
    home.meeting.save()
    return resident


def test_the_name_is_in_no_table(
    desk: Client,
    home: Home,
    known: Resident,
    authority: Authority,  # noqa: F811
) -> None:
    """Names, documents, events, mails, the record of changes: all of it, and the tablet is retired."""
    assert len(found_in()) > 8
    desk.post(f"/residents/{known.pk}/anonymise/", {"sure": "1"})
    assert found_in() == []
    assert Retirement.objects.filter(device=home.device).exists()
    assert Call.objects.get().resident == known
    assert HelpRequest.objects.get().resident == known
    known.refresh_from_db()
    assert str(known) == f"Former resident {known.pk}"
    assert FIRST not in desk.get("/residents/").content.decode()


def test_the_photo_is_gone(
    desk: Client,
    home: Home,
    known: Resident,
    authority: Authority,  # noqa: F811
) -> None:
    """Neither the resident nor the table of photos has it, unless somebody else has the same picture."""
    own = photo.keep(b"their face", home.organisation)
    Resident.objects.filter(pk=known.pk).update(photo=own)
    desk.post(f"/residents/{known.pk}/anonymise/", {"sure": "1"})
    known.refresh_from_db()
    assert known.photo is None
    assert Photo.objects.get(organisation=home.organisation) == home.contact.photo
    assert desk.get(f"/residents/photos/{own.pk}/").status_code == 404


def test_a_namesake_keeps_their_name(
    desk: Client,
    home: Home,
    known: Resident,
    authority: Authority,  # noqa: F811
) -> None:
    """Another resident who is called the same is another person."""
    other = make_resident(home.organisation, FIRST)
    Resident.objects.filter(pk=other.pk).update(last_name=LAST)
    desk.post(f"/residents/{known.pk}/anonymise/", {"sure": "1"})
    other.refresh_from_db()
    assert str(other) == WHOLE


def test_what_is_written_about_a_namesake_of_two_first_names_stays(
    desk: Client,
    home: Home,
    known: Resident,
    authority: Authority,  # noqa: F811
) -> None:
    """Where the first name ends is known, not guessed at a space."""
    both = {"first_name": f"{FIRST} Liisa", "last_name": LAST}
    Resident.objects.filter(pk=known.pk).update(**both)
    other = Resident.objects.create(organisation=home.organisation, **both)
    title = f"A walk with {other}"
    other.appointments.create(title=title, starts="2031-05-01T10:00")
    desk.post(f"/residents/{known.pk}/anonymise/", {"sure": "1"})
    assert other.appointments.get().title == title


@pytest.mark.parametrize("is_confirmed", [True, False])
def test_who_gave_consent_is_in_no_proposal(
    desk: Client,
    home: Home,
    known: Resident,
    authority: Authority,  # noqa: F811
    is_confirmed: bool,
) -> None:
    """Neither in one that was decided nor in one that waits and would bring the name back."""
    CareSettings.objects.filter(resident=known).update(consent_by="", consent_on=None)
    desk.post(f"/residents/{known.pk}/care/", {**HOURS, "consent_by": WHOLE, "consent_on": "2026-01-02"})
    if is_confirmed:
        confirm_as_another(home)
    assert FIRST in desk.get("/proposals/").content.decode()
    desk.post(f"/residents/{known.pk}/anonymise/", {"sure": "1"})
    confirm_as_another(home)
    assert FIRST not in desk.get("/proposals/").content.decode()
    assert CareSettings.objects.get(resident=known).consent_by == ""


def test_another_home_anonymises_nobody_here(desk: Client, foreign: Home) -> None:
    """It is as if the resident did not exist."""
    assert desk.post(f"/residents/{foreign.resident.pk}/anonymise/", {"sure": "1"}).status_code == 404
    foreign.resident.refresh_from_db()
    assert foreign.resident.anonymised_at is None


NUMBER, ADDRESS = "+358409876543", "qwertyna.zuiopson@example.org"


def details_in(*words: str) -> list[str]:
    """Every table in which a number or an address still stands."""
    with connection.cursor() as cursor:
        found = []
        for model in apps.get_models():
            cursor.execute(f"select * from {connection.ops.quote_name(model._meta.db_table)}")
            text = repr(cursor.fetchall())
            found += [model._meta.label for word in words if word in text]
    return sorted(set(found))


def write_about(home: Home) -> None:
    """What the records of a year say of somebody who helps."""
    HelpRequest.objects.filter(pk=home.help.pk).update(taken_name=WHOLE)
    now = timezone.now()
    HelpStep.objects.create(
        request=home.help, key="notified", kind="notified", who=WHOLE, phone=NUMBER, at=now
    )
    about = {"about": "help", "due_at": now, "until": now, "created_at": now}
    words = {
        "who": WHOLE,
        "channel": "email",
        "address": ADDRESS,
        "subject": f"{WHOLE}: help",
        "body": f"{NUMBER}, {WHOLE}",
    }
    Delivery.objects.create(organisation=home.organisation, key="w", **about, **words)


@pytest.mark.parametrize("who", ["user", "contact", "escalation-contact"])
def test_the_name_of_a_helper_is_in_no_table(desk: Client, home: Home, who: str) -> None:
    """A user who has left, a relative, a contact of the escalation: name, number and address."""
    write_about(home)
    names = {"first_name": FIRST, "last_name": LAST, "email": ADDRESS}
    match who:
        case "user":
            left = make_user(home.organisation)
            desk.post(f"/users/{left.pk}/", {**names, "organisation": home.organisation.pk, "language": "fi"})
            page = Client()
            page.force_login(left)
            page.post("/calls/own/")
            HelpRequest.objects.filter(pk=home.help.pk).update(taken_by=left)
            desk.post(f"/users/{left.pk}/anonymise/")
            assert len(found_in()) > 3, "who still works there cannot be anonymised"
            confirm_as_another(home)
            assert len(found_in()) > 3
            desk.post(f"/users/{left.pk}/deactivate/")
            desk.post(f"/users/{left.pk}/anonymise/")
            confirm_as_another(home)
        case "contact":
            Contact.objects.filter(pk=home.contact.pk).update(phone=NUMBER, **names)
            desk.post(f"/calls/links/{home.relation.pk}/anonymise/")
            assert len(found_in()) > 3
            confirm_as_another(home)
        case _:
            fields = {"name": WHOLE, "office_phone": NUMBER, "email": ADDRESS}
            desk.post(reverse("people:new-escalation-contact", args=[home.resident.pk]), fields)
            added = EscalationContact.objects.get(name=WHOLE)
            documents.refresh(home.device)
            assert len(found_in()) > 3
            desk.post(f"/residents/{home.resident.pk}/care/{added.pk}/anonymise/")
    assert found_in() == []
    assert details_in(ADDRESS, *([] if who == "user" else [NUMBER])) == []
    home.help.refresh_from_db()
    assert who != "user" or str(home.help.taken_by).startswith("Former user")


def test_somebody_of_the_rota_is_in_no_table(desk: Client, home: Home) -> None:
    """Neither among its people, nor in the calendar file that names them, where a line is broken in two."""
    write_about(home)
    rota = Rota.objects.get(organisation=home.organisation)
    person = RotaPerson.objects.create(rota=rota, name=WHOLE, phone=NUMBER, email=ADDRESS)
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", "BEGIN:VEVENT", "UID:n"]
    lines += [
        "DTSTAMP:20260101T000000Z",
        f"DTSTART:{localdate():%Y%m%d}T080000",
        "DURATION:PT8H",
        "RRULE:FREQ=DAILY;COUNT=9",
    ]
    lines += [f"SUMMARY:On duty in the northern house, ask for the key: {FIRST}\r\n  {LAST}"]
    lines += ["END:VEVENT", "END:VCALENDAR", ""]
    file = SimpleUploadedFile("rota.ics", "\r\n".join(lines).encode())
    page = f"/partner/rota/{home.organisation.pk}/"
    assert "is in use" in desk.post(f"{page}calendar/", {"file": file}, follow=True).content.decode()
    assert RotaSpan.objects.filter(person=person).exists()
    address = f"{page}people/{person.pk}/anonymise/"
    assert address in desk.get(page).content.decode()
    desk.post(address)
    assert found_in() == []
    assert details_in(ADDRESS, NUMBER) == []
    assert desk.get(page).status_code == 200


def test_a_recipient_of_notices_is_in_no_table(desk: Client, home: Home) -> None:
    """Somebody without an account, and the own addresses of a contact who is anonymised."""
    write_about(home)
    alone = Recipient.objects.create(organisation=home.organisation, name=WHOLE)
    alone.addresses.create(kind="email", value=ADDRESS)
    desk.post(f"/notices/recipients/{alone.pk}/anonymise/")
    assert found_in() == []
    assert details_in(ADDRESS) == []
    known = Recipient.objects.create(
        organisation=home.organisation, contact=home.contact, name=str(home.contact)
    )
    known.addresses.create(kind="phone", value=NUMBER)
    assert desk.post(f"/notices/recipients/{known.pk}/anonymise/").status_code == 404
    desk.post(f"/calls/links/{home.relation.pk}/anonymise/")
    confirm_as_another(home)
    assert details_in(NUMBER) == []


def test_what_is_somebody_elses_too_is_not_erased(desk: Client, home: Home) -> None:
    """A shared number, a namesake, a longer number, and a surname that only begins the same."""
    write_about(home)
    resident = home.resident
    both = [
        EscalationContact.objects.create(resident=resident, name=WHOLE, office_phone=NUMBER) for _ in "ab"
    ]
    longer = EscalationContact.objects.create(
        resident=resident, name=f"{WHOLE}nen", office_phone=f"{NUMBER}1", other_phone="+358401111111"
    )
    desk.post(f"/residents/{resident.pk}/care/{both[0].pk}/anonymise/")
    assert HelpStep.objects.get(key="notified").who == WHOLE
    assert HelpStep.objects.get(key="notified").phone == NUMBER
    desk.post(f"/residents/{resident.pk}/care/{both[1].pk}/anonymise/")
    assert HelpStep.objects.get(key="notified").who == "–"
    longer.refresh_from_db()
    assert (longer.name, longer.office_phone) == (f"{WHOLE}nen", f"{NUMBER}1")


def test_nobody_of_another_home_is_erased(desk: Client, foreign: Home) -> None:
    """Users and escalation contacts of elsewhere do not exist here."""
    contact = foreign.resident.escalation_contacts.get()
    assert desk.post(f"/residents/{foreign.resident.pk}/care/{contact.pk}/anonymise/").status_code == 404
    assert desk.post(f"/users/{foreign.user.pk}/anonymise/").status_code == 404


STORY = f"""
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "cloud.desk.settings"
import django
django.setup()
from cloud.desk.anonymising import anonymise
from cloud.organisations.models import Organisation
from cloud.people.models import Resident
from cloud.pki.authority import desk_authority
organisation = Organisation.objects.create(name="Home")
for number in range(10):
    resident = Resident.objects.create(organisation=organisation, first_name="{FIRST}", last_name="{LAST}")
    resident.appointments.create(title="{FIRST} goes out", starts="2031-05-01T10:00")
    anonymise(resident, desk_authority(), None)
# The process ends without closing anything, as in a power cut.
os._exit(0)
"""


def test_the_name_is_in_no_file_of_the_desk(tmp_path: Path) -> None:
    """Database, write-ahead log and whatever else lies in the desk's folder."""
    environment = {
        "KOTIRUUTU_DESK_DATA": str(tmp_path),
        "KOTIRUUTU_DESK_SECRET": "x" * 50,
        "PATH": "/usr/bin:/bin",
    }
    for command in (["-m", "cloud", "migrate", "-v", "0"], ["-c", STORY]):
        done = subprocess.run(
            [sys.executable, *command],
            env=environment,
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
    files = [each for each in tmp_path.rglob("*") if each.is_file()]
    assert any(each.stat().st_size > 100_000 for each in files)
    assert [each.name for each in files if FIRST.encode() in each.read_bytes()] == []
