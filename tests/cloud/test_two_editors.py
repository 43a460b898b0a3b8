"""Two people edit one thing: the later save does not undo the earlier one unseen."""

import re

import pytest
from django.test import Client

from cloud.people.models import Resident
from cloud.screens.forms import ViewForm
from cloud.screens.models import ResidentView
from tests.cloud.homes import Home

pytestmark = pytest.mark.requirement("V1")
SEEN = re.compile(r'name="(seen_\w+)" value="([^"]*)"')


def seen(page: str) -> dict[str, str]:
    """What the forms of a page were drawn with."""
    return {name: value.replace("&quot;", '"') for name, value in SEEN.findall(page)}


def test_the_later_save_is_refused_and_says_what_differs(desk: Client, home: Home) -> None:
    """Nothing is lost: what the second one typed stands in the form, and a second save is meant."""
    path = f"/residents/{home.resident.pk}/"
    drawn = seen(desk.get(path).content.decode())
    Resident.objects.filter(pk=home.resident.pk).update(first_name="Aino-Maija")
    mine = {"first_name": "Aino", "last_name": "Korhonen", "organisation": home.organisation.pk}
    answer = desk.post(path, mine | drawn).content.decode()
    assert "Somebody else has changed this meanwhile" in answer
    assert "Aino-Maija" in answer
    assert Resident.objects.get(pk=home.resident.pk).last_name == "Virtanen"
    assert desk.post(path, mine | seen(answer)).status_code == 302
    assert str(Resident.objects.get(pk=home.resident.pk)) == "Aino Korhonen"


def test_what_nobody_else_has_touched_is_saved(desk: Client, home: Home) -> None:
    """Also where the other has changed it to the same."""
    path = f"/residents/{home.resident.pk}/"
    drawn = seen(desk.get(path).content.decode())
    Resident.objects.filter(pk=home.resident.pk).update(first_name="Aino")
    mine = {"first_name": "Aino", "last_name": "Korhonen", "organisation": home.organisation.pk}
    assert desk.post(path, mine | drawn).status_code == 302


def test_a_view_that_was_saved_can_be_saved_again_from_the_same_page(desk: Client, home: Home) -> None:
    """The answer to a save is drawn with what was saved."""
    page = f"/devices/{home.device.pk}/"
    drawn = seen(desk.get(page).content.decode())
    initial = ViewForm(instance=home.resident.view).initial
    fields = {name: str(value) for name, value in initial.items() if value is not False} | {"clock": ""}
    first = desk.post(f"{page}view/", fields | drawn, HTTP_HX_REQUEST="true").content.decode()
    assert "Saved." in first, first
    second = desk.post(f"{page}view/", fields | {"clock": "on"} | seen(first), HTTP_HX_REQUEST="true")
    assert "Saved." in second.content.decode()
    assert ResidentView.objects.get(resident=home.resident).clock


@pytest.mark.parametrize("kept", ["", "{", "[]", "7", '{"first_name": 3}'])
def test_nonsense_is_no_error_page(desk: Client, home: Home, kept: str) -> None:
    """Whatever stands in the hidden field."""
    mine = {"first_name": "A", "last_name": "B", "organisation": home.organisation.pk, "seen_resident": kept}
    assert desk.post(f"/residents/{home.resident.pk}/", mine).status_code in (200, 302)


@pytest.mark.parametrize("path", ["/residents/{0}/care/", "/residents/{0}/people/{1}/", "/cafe/{2}/"])
def test_every_form_is_drawn_with_it(desk: Client, home: Home, path: str) -> None:
    """Each form of a row that is there."""
    page = desk.get(path.format(home.resident.pk, home.relation.pk, home.organisation.pk))
    assert page.status_code == 200
    assert seen(page.content.decode())
