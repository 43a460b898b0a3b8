"""The desk retires a device: refused at once, seen on its page, and called off where it is enrolled again."""

from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cloud.devices.claims import issue_claim
from cloud.devices.models import Device, DeviceCommand, Retirement
from cloud.devices.retirement import retire
from cloud.organisations.roles import Role
from cloud.people.models import Resident
from cloud.pki.authority import Authority
from device.enrolment import enrol
from tests.cloud.homes import make_user
from tests.link.fixtures import DeskAddresses
from tests.link.tablet import Identity

pytestmark = [pytest.mark.requirement("K17"), pytest.mark.django_db(transaction=True)]


def test_the_devices_page_retires_it_and_says_when_it_is_wiped(
    client: Client, enrolled_device: Identity, authority: Authority, resident: Resident
) -> None:
    """Only meant, and with a reason; "not wiped yet" until the device has proved it."""
    client.force_login(make_user(resident.organisation, roles=[Role.TEAM_LEAD]))
    page, retire_it = (
        reverse("screens:device", args=[enrolled_device.id]),
        reverse("retire", args=[enrolled_device.id]),
    )
    client.post(retire_it, {"why": "lost"})
    assert not Retirement.objects.exists()
    client.post(retire_it, {"why": "lost", "is_meant": "on"})
    device = Device.objects.get()
    assert not device.is_enrolled
    assert device.resident is None
    assert "not wiped yet" in client.get(page).content.decode()
    Retirement.objects.update(wiped_at=timezone.now())
    assert "wiped at" in client.get(page).content.decode()


@pytest.mark.requirement("K7", "V16")
def test_the_one_that_is_replaced_is_retired_in_the_same_step(
    desk_addresses: DeskAddresses, enrolled_device: Identity, resident: Resident, tmp_path: Path
) -> None:
    """One scan: the new one has everything, the old one is refused and is to be wiped."""
    claim = issue_claim(resident.organisation, resident)
    new = enrol(desk_addresses.devices, desk_addresses.authority, claim, tmp_path / "new")
    old = Device.objects.get(pk=enrolled_device.id)
    assert not old.is_enrolled
    assert old.retirement.why == Retirement.Why.REPLACED
    assert Device.objects.get(pk=new.device).resident == resident
    assert DeviceCommand.objects.get(device=old).body["receipt"] == old.retirement.receipt


def test_one_that_is_enrolled_again_before_it_was_wiped_is_wiped_no_more(
    desk_addresses: DeskAddresses, authority: Authority, resident: Resident, tmp_path: Path
) -> None:
    """It was found, and has its key still: what it is about to get must stay."""
    into = tmp_path / "tablet"
    for _ in range(2):
        enrol(
            desk_addresses.devices,
            desk_addresses.authority,
            issue_claim(resident.organisation, resident),
            into,
        )
        device = Device.objects.get()
        assert device.is_enrolled
        assert not Retirement.objects.exists()
        assert not DeviceCommand.objects.exists()
        retire(device, authority, Retirement.Why.LOST, None)
