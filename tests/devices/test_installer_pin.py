"""Installers get the PIN of a tablet from its page at the desk (K7)."""

import msgspec
import pytest
from django.test import Client
from django.urls import reverse

from cloud.devices import documents
from cloud.devices.installer_pin import pin_of
from cloud.devices.models import DesiredDocument, Device
from cloud.organisations.roles import Role
from cloud.people.models import Resident
from device.contract.documents import Policy
from tests.cloud.homes import make_user
from tests.link.tablet import Identity

pytestmark = [pytest.mark.requirement("K7"), pytest.mark.django_db(transaction=True)]


def test_every_device_has_a_pin_of_its_own(enrolled_device: Identity, resident: Resident) -> None:
    """Six figures, the same at each look; the tablet knows it before it needs it."""
    documents.refresh_resident(resident)
    device = Device.objects.get()
    policy = DesiredDocument.objects.get(device=device, name="policy")
    assert msgspec.convert(policy.body | {"version": 1}, Policy).installer_pin == pin_of(device)
    assert len(pin_of(device)) == 6
    assert pin_of(device).isdigit()
    assert pin_of(Device(pk="another")) != pin_of(device)


@pytest.mark.parametrize(("role", "sees_it"), [(Role.INSTALLER, True), (Role.NURSE, False)])
def test_who_assigns_devices_sees_it(
    client: Client, enrolled_device: Identity, resident: Resident, role: Role, *, sees_it: bool
) -> None:
    """The PIN is on the page for roles that assign devices, and for no other role."""
    client.force_login(make_user(resident.organisation, roles=[role]))
    page = client.get(reverse("screens:device", args=[enrolled_device.id])).content.decode()
    assert (pin_of(Device.objects.get()) in page) == sees_it
