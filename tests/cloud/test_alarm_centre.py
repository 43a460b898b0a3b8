"""The page of the alarm centre: what is set there, and what it says of a way that is dead."""

import pytest
from django.test import Client

from cloud.help.models import Partner
from cloud.partner.models import AlarmCentre
from tests.cloud.homes import Home

pytestmark = pytest.mark.requirement("K12")

GOOD = {
    "server": "sip:alarm@centre.example:5061;transport=tls",
    "second_server": "",
    "answer": "own-message",
    "content_type": "application/scaip+xml",
    "controller": "100",
    "heartbeat_min": "60",
}


def test_a_centre_is_set_shown_and_removed(desk: Client, home: Home) -> None:
    """Until its first sign of life is answered the page says that it is silent."""
    page = f"/partner/centre/{home.organisation.pk}/"
    desk.post(page, GOOD)
    assert AlarmCentre.objects.get().servers == (GOOD["server"],)
    assert "has not answered the last sign of life" in desk.get(page).content.decode()
    desk.post(f"{page}remove/")
    assert Partner.objects.exists()
    assert not AlarmCentre.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"server": ""},
        {"server": "https://centre.example/"},
        {"server": "sip:centre.example\r\nX: y"},
        {"server": "sip:a@b;transport=sctp"},
        {"controller": "12a"},
        {"controller": "1" * 17},
        {"heartbeat_min": "0"},
        {"answer": "somehow"},
    ],
)
def test_what_could_not_be_reached_is_refused(desk: Client, home: Home, wrong: dict[str, str]) -> None:
    """No address is saved to which no alarm could go."""
    desk.post(f"/partner/centre/{home.organisation.pk}/", GOOD | wrong)
    assert not AlarmCentre.objects.exists()
