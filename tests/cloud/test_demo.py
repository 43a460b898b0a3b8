"""``seed_demo``: a home that is furnished once, however often one asks."""

import json
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.core.management import call_command
from django.utils import timezone

from cloud.calendar.expansion import next_start
from cloud.calendar.models import Appointment
from cloud.calls import call_permissions, links, settings
from cloud.devices.documents import compose
from cloud.devices.models import Device
from cloud.organisations.models import Organisation, User
from cloud.people.models import Photo, Resident
from cloud.screens.zone import zone_of
from device.contract.documents import Calendar, People, Policy, View

pytestmark = pytest.mark.django_db


def seed(**options: str) -> dict[str, Any]:
    out = StringIO()
    call_command("seed_demo", stdout=out, **options)
    seeded: dict[str, Any] = json.loads(out.getvalue())
    return seeded


def test_twice_is_the_same_as_once() -> None:
    """The second time nothing is added, and the passwords hold."""
    first = seed(password="kotiruutu-demo")
    counts = [model.objects.count() for model in (Organisation, User, Resident, Photo, Appointment)]
    again = seed(password="kotiruutu-demo")
    assert again["accounts"] == first["accounts"]
    assert [caller["name"] for caller in again["callers"]] == [caller["name"] for caller in first["callers"]]
    assert [model.objects.count() for model in (Organisation, User, Resident, Photo, Appointment)] == counts


def test_everybody_can_sign_in() -> None:
    """The printed passwords open the desk; without a wish each is a new one."""
    accounts = seed()["accounts"]
    assert len({account["password"] for account in accounts}) == len(accounts)
    assert all(authenticate(username=each["user"], password=each["password"]) for each in accounts)


def test_the_home_has_all_that_a_screen_can_show() -> None:
    """Every element, six relatives with photos, a calendar, a café, and two escalation contacts."""
    resident = Resident.objects.get(pk=seed()["resident"])
    documents = compose(Device(id="d", organisation=resident.organisation, resident=resident))
    view, people, calendar, policy = (documents[name] for name in ("view", "people", "calendar", "policy"))
    assert isinstance(view, View)
    assert isinstance(people, People)
    assert isinstance(calendar, Calendar)
    assert isinstance(policy, Policy)
    assert all(getattr(view.elements, name) for name in view.elements.__struct_fields__)
    assert len({contact.photo for contact in people.contacts} - {None}) == 6
    assert {contact.presence for contact in people.contacts} == {"available", "busy", "away"}
    assert calendar.cafe.hours
    assert len(policy.help.contacts) == 2
    assert policy.remote_view.may_touch


@pytest.mark.requirement("V10", "V11", "V12")
def test_there_is_somebody_to_call_with() -> None:
    """The printed links open the door, those of an earlier time do not; one may make a forced call."""
    earlier = [caller["link"].partition("#")[2] for caller in seed()["callers"]]
    seeded = seed()
    found = [links.find(caller["link"].partition("#")[2]) for caller in seeded["callers"]]
    assert [str(link.contact) for link in found if link] == ["Leena Virtanen", "Sanna Korhonen"]
    assert [links.find(secret) for secret in earlier] == [None, None]
    resident = Resident.objects.get(pk=seeded["resident"])
    may = [
        near.may_force for link in found if link for near in call_permissions.callable_residents(link.contact)
    ]
    assert may == [True, False]
    officer = settings.duty_officer(resident.organisation)
    assert str(officer) == "Anna Salo"


def test_there_is_something_today_and_tomorrow() -> None:
    """On whichever day the demo runs, two days ahead are not empty, and tonight is not either."""
    resident = Resident.objects.get(pk=seed()["resident"])
    zone = zone_of(resident)
    for ahead in range(14):
        day = timezone.now().astimezone(zone).replace(hour=0, minute=0) + timedelta(days=ahead)
        starts = [next_start(each, zone, day) for each in resident.appointments.all()]
        assert len([at for at in starts if at[:10] == f"{day:%Y-%m-%d}"]) >= 2
