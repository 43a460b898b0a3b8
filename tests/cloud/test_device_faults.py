"""Which faults are reported to an alarm centre: none waits behind others that never are (S1)."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from cloud.devices.models import DeviceFault
from cloud.help.models import Partner
from cloud.partner import device_faults
from cloud.partner.models import AlarmCentre, AlarmMessage, Registration
from cloud.people.models import CareSettings
from tests.cloud.homes import Home

pytestmark = pytest.mark.requirement("S1")

MANY = 300


def monitored(home: Home, count: int) -> None:
    """So many faults that last, of a monitored resident."""
    CareSettings.objects.filter(resident=home.resident).update(monitored=True)
    since = timezone.now() - timedelta(minutes=10)
    DeviceFault.objects.all().delete()
    DeviceFault.objects.bulk_create(
        DeviceFault(device=home.device, part=f"part-{number}", since=since - timedelta(seconds=number))
        for number in range(count)
    )


@pytest.fixture
def centre(home: Home) -> AlarmCentre:
    """The centre of our home."""
    partner = Partner.objects.get(organisation=home.organisation)
    return AlarmCentre.objects.create(partner=partner, server="sip:alarm@127.0.0.1:9", controller="100")


def test_a_new_fault_is_reported_behind_many_reported_ones(home: Home, centre: AlarmCentre) -> None:
    """Three hundred older faults that the centre has confirmed hold up nothing."""
    monitored(home, MANY)
    now = timezone.now()
    while device_faults.put_new(now):
        AlarmMessage.objects.update(state="received")
    assert AlarmMessage.objects.count() == MANY
    DeviceFault.objects.create(device=home.device, part="battery", since=now - timedelta(minutes=6))
    assert device_faults.put_new(now) == 1
    assert AlarmMessage.objects.get(fault__part="battery").status == "0016"


def test_homes_without_a_centre_hold_up_nobody(home: Home, foreign: Home, centre: AlarmCentre) -> None:
    """Their faults are older, many, and nobody's to tell."""
    monitored(foreign, MANY)
    CareSettings.objects.filter(resident=home.resident).update(monitored=True)
    since = timezone.now() - timedelta(minutes=6)
    DeviceFault.objects.create(device=home.device, part="battery", since=since)
    assert device_faults.put_new(timezone.now()) == 1


def test_who_is_not_registered_is_not_reported(home: Home, centre: AlarmCentre) -> None:
    """Until the partner has confirmed the resident."""
    monitored(home, 1)
    Partner.objects.update(only_registered=True)
    assert device_faults.put_new(timezone.now()) == 0
    Registration.objects.create(resident=home.resident, number="77", confirmed_at=timezone.now())
    assert device_faults.put_new(timezone.now()) == 1


def test_the_number_of_queries_does_not_grow(
    home: Home, centre: AlarmCentre, django_assert_max_num_queries: Any
) -> None:
    """With nothing to tell the loop costs a handful of queries, however many faults there are."""
    monitored(home, MANY)
    for fault in DeviceFault.objects.all():
        AlarmMessage.objects.create(
            centre=centre,
            fault=fault,
            ref=str(fault.pk),
            status="0067",
            body="",
            servers=[],
            state="received",
            created_at=timezone.now(),
        )
    with django_assert_max_num_queries(4):
        assert device_faults.put_new(timezone.now()) == 0
