"""A home whose screen is connected, and a relative at their page."""

import pytest
from django.test import Client

from cloud.devices.models import Device
from tests.cloud.calls.callers import Caller
from tests.cloud.homes import Home


@pytest.fixture(autouse=True)
def device_is_there(home: Home) -> None:
    """The resident's screen is connected."""
    Device.objects.filter(pk=home.device.pk).update(online=True)
    home.device.refresh_from_db()


@pytest.fixture
def caller(home: Home) -> Caller:
    """The resident's relative, who has come in, with the page open."""
    return Caller(home.contact).enter().open()


@pytest.fixture
def client() -> Client:
    """A browser of somebody who reads English."""
    return Client(headers={"accept-language": "en"})
