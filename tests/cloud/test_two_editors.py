"""Two people edit one thing: the later save does not undo the earlier one unseen."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django import forms
from django.db.models import CharField, Model
from django.forms import ModelForm
from django.test import Client
from django.urls import reverse

from cloud.base.forms import RowForm
from cloud.delivery.models import ChannelSettings
from cloud.people.models import Resident
from cloud.screens.forms import ViewForm
from cloud.screens.models import ResidentView
from tests.cloud.homes import Home
from tests.cloud.test_scope import PRIVATE, address

pytestmark = pytest.mark.requirement("V1")
TEXTS = (forms.CharField, forms.EmailField, forms.URLField)
SEEN = re.compile(r'name="(seen\w*)" value="([^"]*)"')


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


def test_every_form_of_every_page_is_drawn_with_it(
    desk: Client, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever row a page of the desk edits, the later save shows what somebody else has changed."""
    made: list[RowForm[Model]] = []
    begin = RowForm.__init__

    def remember(form: RowForm[Model], *args: Any, **kwargs: Any) -> None:
        begin(form, *args, **kwargs)
        made.append(form)

    monkeypatch.setattr(RowForm, "__init__", remember)
    kinds = set()
    for route in PRIVATE:
        made.clear()
        answer = desk.get(address(route, home))
        if answer.streaming or answer.status_code != 200:
            continue
        drawn = set(seen(answer.content.decode(errors="replace")))
        for form in made:
            if form.instance.pk and form.fields:
                kind = type(form).__name__
                assert f"seen_{type(form.instance).__name__.lower()}" in drawn, f"{route}: {kind}"
                kinds.add(kind)
    assert len(kinds) > 20, kinds


def test_no_form_of_a_row_is_without_it() -> None:
    """Every form of the desk that edits rows; a name for new settings is the only one that edits none."""
    kinds: list[type] = [each for each in descendants(ModelForm) if each.__module__.startswith("cloud.")]
    without = {f"{each.__module__}.{each.__name__}" for each in kinds if not issubclass(each, RowForm)}
    assert without == {"cloud.base.forms._ModelForm", "cloud.screens.many_forms.ViewTemplateForm"}


def descendants(kind: type) -> Iterator[type]:
    """Every class below this one."""
    below: list[type] = type.__subclasses__(kind)
    for each in below:
        yield each
        yield from descendants(each)


def test_two_who_set_up_one_gateway(desk: Client, home: Home) -> None:
    """Settings that are no columns of a table: the later save names what differs, too."""
    path = reverse("delivery:channel", args=["sms-gateway", home.organisation.pk])
    mine = {"url": "https://sms.example/", "secret": "sixteen letters!", "sender": "Koivula"}
    mine |= {"is_on": "on", "place": "1", "cents_per_part": "6"}
    assert desk.post(path, mine).status_code == 302
    drawn = seen(desk.get(path).content.decode())
    row = ChannelSettings.objects.get(channel="sms-gateway")
    row.values = {**row.values, "sender": "Lehmus"}
    row.save()
    answer = desk.post(path, mine | {"sender": "Koivu"} | drawn).content.decode()
    assert "Somebody else has changed this meanwhile (Sender: Lehmus)" in answer
    assert ChannelSettings.objects.get(channel="sms-gateway").values["sender"] == "Lehmus"
    assert desk.post(path, mine | {"sender": "Koivu"} | seen(answer)).status_code == 302


def test_no_form_takes_more_than_its_column_holds() -> None:
    """A name of 300 characters is refused in words by its form, and not by the database."""
    checked = 0
    kinds: list[Any] = [each for each in descendants(ModelForm) if each.__module__.startswith("cloud.")]
    for kind in kinds:
        model = getattr(getattr(kind, "Meta", None), "model", None)
        for name, field in getattr(kind, "base_fields", {}).items():
            column = next((each for each in model._meta.fields if each.name == name), None) if model else None
            if isinstance(column, CharField) and not column.choices and type(field) in TEXTS:
                assert field.max_length, f"{kind.__name__}.{name} takes texts of any length"
                assert field.max_length <= (column.max_length or 0), f"{kind.__name__}.{name}"
                checked += 1
    assert checked > 30, checked
