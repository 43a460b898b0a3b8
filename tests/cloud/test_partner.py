"""The monitoring partner of an organisation: who may set it, and that its secret stays one."""

import pytest
from django.test import Client

from cloud.help.models import Partner
from tests.cloud.homes import Home, confirm_as_another

pytestmark = pytest.mark.requirement("S1")

GOOD = {
    "name": "Turva",
    "email": "",
    "webhook_url": "https://turva.example/alarms",
    "webhook_secret": "sixteen letters!",
    "after_s": "180",
    "again_min": "10",
}


@pytest.fixture
def page(home: Home) -> str:
    """The address of the partner's page."""
    Partner.objects.filter(organisation=home.organisation).delete()
    return f"/help/partner/{home.organisation.pk}/"


def test_a_partner_is_set_changed_and_removed(desk: Client, home: Home, page: str) -> None:
    """The list says who answers, and who answers nobody's alarms."""
    assert "not set" in desk.get("/help/partner/").content.decode()
    desk.post(page, GOOD)
    confirm_as_another(home)
    assert "Turva" in desk.get("/help/partner/").content.decode()
    desk.post(page, {**GOOD, "name": "Turva Oy"})
    assert Partner.objects.get().name == "Turva Oy"
    desk.post(f"{page}remove/")
    assert not Partner.objects.exists()


def test_the_secret_is_kept_and_never_shown(desk: Client, home: Home, page: str) -> None:
    """An empty field leaves it as it was."""
    desk.post(page, GOOD)
    confirm_as_another(home)
    assert GOOD["webhook_secret"] not in desk.get(page).content.decode()
    desk.post(page, {**GOOD, "webhook_secret": ""})
    assert Partner.objects.get().webhook_secret == GOOD["webhook_secret"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"webhook_url": "http://turva.example/"},
        {"webhook_url": "nonsense"},
        {"webhook_secret": ""},
        {"webhook_secret": "short"},
        {"webhook_url": "", "email": ""},
        {"email": "nobody"},
        {"after_s": "181"},
        {"again_min": "0"},
        {"again_min": "61"},
        {"name": ""},
    ],
)
def test_a_partner_that_could_not_be_notified_is_refused(
    desk: Client, page: str, wrong: dict[str, str]
) -> None:
    """Nothing is saved that would look like a partner and reach nobody."""
    desk.post(page, {**GOOD, **wrong})
    assert not Partner.objects.exists()


@pytest.mark.requirement("S3")
def test_care_says_what_is_missing(desk: Client, home: Home, page: str) -> None:
    """No partner, a contact without e-mail, and too few contacts are on the resident's page."""
    care = desk.get(f"/residents/{home.resident.pk}/care/").content.decode()
    assert "No monitoring partner is set" in care
    assert "no e-mail" in care
    assert "The alarm is not ready" in care
    assert "alarm not ready" in desk.get("/residents/").content.decode()
