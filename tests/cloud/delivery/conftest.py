"""A gateway whose certificate the desk trusts, and an organisation that uses it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cloud.delivery.models import ChannelSettings
from tests.cloud.delivery.sms_server import SmsServer, sms_server
from tests.cloud.homes import Home
from tests.cloud.https_server import trusted_authority


@pytest.fixture
def running_gateway(tmp_path: Path, settings: Any) -> Iterator[SmsServer]:
    """A gateway that nobody uses yet."""
    authority = trusted_authority(tmp_path, settings)
    settings.PARTNER_AUTHORITY = str(authority.certificate_file)
    settings.PARTNER_MAY_BE_LOCAL = True
    with sms_server(authority) as server:
        yield server


@pytest.fixture
def gateway(home: Home, running_gateway: SmsServer) -> SmsServer:
    """The gateway that our home uses; a part costs 7.5 cents."""
    ChannelSettings.objects.create(
        organisation=home.organisation, channel="sms-gateway", values=running_gateway.values,
        cents_per_part="7.5",
    )  # fmt: skip
    return running_gateway
