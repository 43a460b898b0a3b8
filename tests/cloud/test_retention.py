"""Personal data is kept no longer than it is needed."""

import uuid
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from cloud.calls.models import Call
from cloud.delivery.models import Delivery
from cloud.devices.commands import issue
from cloud.devices.models import Claim, DeviceCommand, DeviceEvent, DeviceFault, RetentionPeriods
from cloud.devices.retention import forget
from cloud.help.models import HelpRequest
from device.contract.commands import StopRemoteView
from tests.cloud.homes import Home, make_help, make_home

pytestmark = pytest.mark.postgresql


def test_old_traffic_is_forgotten_and_the_rest_stays(home: Home) -> None:
    """A command a week after its end, an event after 90 days, a mended fault after 400; open help never."""
    now = timezone.now()
    command = issue(home.device, StopRemoteView(), by=None, lifetime=timedelta(seconds=30))
    event = DeviceEvent.objects.create(
        id=uuid.uuid4(),
        device=home.device,
        sequence=900,
        kind="started",
        body={},
        happened_at=now,
        clock_trusted=True,
    )
    broken = DeviceFault.objects.create(device=home.device, part="modem", since=now)
    DeviceFault.objects.create(device=home.device, part="power", since=now, ended_at=now)
    Claim.objects.create(code_digest="0" * 64, organisation=home.organisation, expires_at=now)
    requests = HelpRequest.objects.count()

    forget(now + timedelta(days=6))
    assert DeviceCommand.objects.filter(pk=command.pk).exists()
    assert Claim.objects.filter(code_digest="0" * 64).exists()

    forget(now + timedelta(days=8))
    assert not DeviceCommand.objects.filter(pk=command.pk).exists()
    assert not Claim.objects.filter(code_digest="0" * 64).exists()
    assert DeviceEvent.objects.filter(pk=event.pk).exists()

    said = forget(now + timedelta(days=401))
    assert said["faults that are mended"] == 1
    assert not Delivery.objects.exists()
    assert not DeviceEvent.objects.filter(pk=event.pk).exists()
    assert DeviceFault.objects.filter(pk=broken.pk).exists()
    assert HelpRequest.objects.count() == requests


def test_calls_and_calls_for_help_are_kept_as_long_as_is_set(home: Home) -> None:
    """Ten years unless the desk says otherwise; what is still open is never forgotten."""
    now = timezone.now()
    closed = make_help(home.device, "over", outcome="helped")
    HelpRequest.objects.filter(pk=closed.pk).update(closed_at=now + timedelta(seconds=1))
    call = Call.objects.create(
        id="call", kind="forced", organisation=home.organisation, resident=home.resident, device=home.device,
        contact=home.contact, offered_at=now, heard_at=now, ended_at=now, state="ended",
    )  # fmt: skip
    forget(now + timedelta(days=3649))
    assert HelpRequest.objects.filter(pk=closed.pk).exists()
    assert Call.objects.filter(pk=call.pk).exists()
    said = forget(now + timedelta(days=3652))
    assert said["calls for help"] >= 1
    assert said["calls"] >= 1
    assert not HelpRequest.objects.filter(pk=closed.pk).exists()
    assert not Call.objects.filter(pk=call.pk).exists()
    assert HelpRequest.objects.filter(pk=home.help.pk).exists()


def test_an_organisation_keeps_them_as_long_as_it_has_set(desk: Client, home: Home) -> None:
    """The home keeps help for a year; one of its floors for a month; what nobody has set is as above."""
    floor = make_home("Alla", home.organisation)
    elsewhere = make_home("Muualla")
    for place, typed in ((home.organisation, "365"), (floor.organisation, "30")):
        page = f"/retention/{place.pk}/"
        assert desk.post(page, {"help_days": typed, "call_days": ""}, follow=True).status_code == 200
        assert typed in desk.get(page).content.decode()
    assert desk.post(f"/retention/{floor.organisation.pk}/", {"help_days": "1"}).status_code == 200
    assert RetentionPeriods.objects.get(organisation=floor.organisation).help_days == 30, "too short"
    for each in (home, floor, elsewhere):
        make_help(each.device, "over", outcome="helped")
    now = timezone.now()
    HelpRequest.objects.filter(help_id="over").update(closed_at=now)
    left = {31: [home, elsewhere], 366: [elsewhere], 3652: []}
    for days, homes in left.items():
        forget(now + timedelta(days=days))
        kept = HelpRequest.objects.filter(help_id="over").values_list("organisation", flat=True)
        assert set(kept) == {each.organisation.pk for each in homes}, days
    assert desk.get(f"/retention/{elsewhere.organisation.pk}/").status_code == 404


def test_the_command_says_what_it_did(home: Home) -> None:
    """Its output is for the journal."""
    said = StringIO()
    call_command("forget", stdout=said)
    assert "events: 0 deleted" in said.getvalue()
