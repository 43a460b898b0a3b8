"""A push service of our own, a relative whose phone is subscribed there, and the desk's sender."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cloud.devices.models import Device
from cloud.push.models import PushMessage
from cloud.push.sending import send
from tests.cloud.calls.callers import Caller
from tests.cloud.homes import Home
from tests.cloud.https_server import trusted_authority
from tests.cloud.mail_channel import post_mail
from tests.cloud.push_service import PushService, push_service


@pytest.fixture
def service(tmp_path: Path, settings: Any) -> Iterator[PushService]:
    """Whose certificate the desk trusts, on the desk's own machine."""
    authority = trusted_authority(tmp_path, settings)
    settings.PUSH_KEY_FILE = str(tmp_path / "push.pem")
    settings.PUSH_AUTHORITY = str(authority.certificate_file)
    settings.PUSH_MAY_BE_LOCAL = True
    with push_service(authority) as running:
        yield running


@pytest.fixture
def leena(home: Home, service: PushService) -> Caller:
    """The resident's relative: her phone rings, and no page is open."""
    Device.objects.filter(pk=home.device.pk).update(online=True)
    home.device.refresh_from_db()
    caller = Caller(home.contact).enter()
    assert caller.post("phone/subscribe", **service.subscription()).status_code == 204
    return caller


@pytest.fixture
def sent() -> Callable[[], None]:
    """Sends what is due, in this thread."""

    def send_due() -> None:
        for pk in PushMessage.objects.filter(state="due").order_by("pk").values_list("pk", flat=True):
            PushMessage.objects.filter(pk=pk).update(state="trying")
            send(pk)
        post_mail()

    return send_due
