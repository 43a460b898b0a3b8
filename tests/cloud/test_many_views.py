"""The same settings for many screens: preview, change, progress, undo, groups and templates (V1)."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cloud.devices.documents import refresh
from cloud.devices.models import DesiredDocument, DueRefresh
from cloud.organisations.models import User
from cloud.organisations.roles import Role
from cloud.people.models import Resident
from cloud.screens.forms import ELEMENTS, ViewForm
from cloud.screens.many_forms import LOOKS
from cloud.screens.models import ChangedView, ResidentView, ScreenGroup, ViewChange, ViewTemplate
from tests.cloud.homes import Home, make_device, make_resident, make_user

pytestmark = [pytest.mark.requirement("V1"), pytest.mark.django_db]

ALL = "/devices/many/"


def make_screens(home: Home, number: int) -> list[Resident]:
    """So many residents with devices that have their documents."""
    residents = [make_resident(home.organisation, f"Maija{at}") for at in range(number)]
    for resident in residents:
        refresh(make_device(resident))
    return residents


def preview(desk: Client, target: object, **values: str) -> str:
    """The page of what would differ."""
    kind = "group" if isinstance(target, ScreenGroup) else "organisation"
    fields = {"target": f"{kind}-{target.pk}", **values}  # type: ignore[attr-defined]
    return unescape(desk.post(ALL, fields).content.decode())


def send(desk: Client, page: str, without: ResidentView | None = None) -> ViewChange:
    """What the preview shows is sent, but for one."""
    token = re.search(r'name="token" value="([^"]+)"', page)
    assert token
    named = re.findall(r'name="named" value="(\d+)"', page)
    chosen = [pk for pk in named if without is None or pk != str(without.pk)]
    answer = desk.post(f"{ALL}send/", {"token": token[1], "named": named, "view": chosen})
    assert answer.status_code == 302
    return ViewChange.objects.get(pk=answer.headers["Location"].strip("/").rpartition("/")[2])


def view_of(resident: Resident) -> ResidentView:
    """The view as it is stored."""
    return ResidentView.objects.get(resident=resident)


def state(desk: Client, change: ViewChange) -> dict[str, int]:
    """The numbers on the page of a change."""
    page = desk.get(f"{ALL}{change.pk}/state/").content.decode()
    return {name: int(number) for name, number in re.findall(r"<dt>([^<]+)</dt><dd>(\d+)</dd>", page)}


def test_the_preview_says_what_differs_and_changes_nothing(desk: Client, home: Home, foreign: Home) -> None:
    """Who changes, from what to what; who is like this already is only counted. Nobody else's screens."""
    one, other = make_screens(home, 2)
    ResidentView.objects.filter(resident=other).update(cafe=False)
    page = preview(desk, home.organisation, cafe="0", night_from="20:00", slide_show_after_min="15")
    assert "3 screens change" in page
    assert "<del>only when they are opened</del> → after 15 minutes without a touch" in page
    assert "Café: <del>on</del> → off" in page
    assert "<del>21:00</del> → 20:00" in page
    assert foreign.mark not in page
    assert "2 are like this already" in preview(desk, home.organisation, cafe="1")
    assert view_of(one).cafe is True
    assert not ChangedView.objects.exists()


def test_what_one_view_has_many_can_have() -> None:
    """Every setting of a view but the time zone: a new one cannot be forgotten here."""
    assert {*ELEMENTS, *LOOKS} == set(ViewForm.base_fields) - {"time_zone"}


def test_only_what_was_chosen_changes_and_goes_to_the_screens(desk: Client, home: Home) -> None:
    """Each device gets the next version of its view; every other setting stays."""
    residents = make_screens(home, 3)
    ResidentView.objects.filter(resident=residents[0]).update(text_scale=1.6)
    change = send(desk, preview(desk, home.organisation, cafe="0"), without=view_of(residents[2]))
    first, second, left_out = map(view_of, residents)
    assert (first.cafe, first.text_scale, second.cafe, left_out.cafe) == (False, 1.6, False, True)
    document = DesiredDocument.objects.get(device__resident=residents[0], name="view")
    assert (document.version, document.body["elements"]["cafe"]) == (2, False)
    assert change.views.count() == 3
    assert not DueRefresh.objects.exists()


def test_the_page_of_a_change_says_how_far_it_is(desk: Client, home: Home) -> None:
    """On the screen, waiting, rejected with the reason, and those without a device."""
    residents = make_screens(home, 3)
    make_resident(home.organisation, "Ilman")
    change = send(desk, preview(desk, home.organisation, cafe="0"))
    documents = DesiredDocument.objects.filter(name="view", device__resident__in=residents)
    first, second, _third = documents.order_by("pk")
    DesiredDocument.objects.filter(pk=first.pk).update(painted_version=first.version)
    DesiredDocument.objects.filter(pk=second.pk).update(rejected_version=2, rejected_reason="no such colour")
    numbers = state(desk, change)
    assert numbers["on the screen"] == 1
    assert numbers["rejected"] == 1
    # The third, and the home's own device.
    assert numbers["waiting, device offline"] == 2
    assert numbers["no device yet"] == 1
    assert "no such colour" in desk.get(f"{ALL}{change.pk}/").content.decode()


def test_what_somebody_changed_after_the_preview_is_left(desk: Client, home: Home) -> None:
    """Their change is neither overwritten nor lost, and the page names it."""
    one, _other = make_screens(home, 2)
    page = preview(desk, home.organisation, text_scale="1.3", cafe="0")
    ResidentView.objects.filter(resident=one).update(text_scale=1.6)
    change = send(desk, page)
    assert (view_of(one).text_scale, view_of(one).cafe) == (1.6, True)
    assert state(desk, change)["left as they are"] == 1


def test_undo_brings_back_what_was_there(desk: Client, home: Home) -> None:
    """Each its own; what somebody has changed since stays; a second time does nothing."""
    one, two, three = make_screens(home, 3)
    ResidentView.objects.filter(resident=two).update(text_scale=1.15)
    change = send(desk, preview(desk, home.organisation, text_scale="1.6", cafe="0"))
    ResidentView.objects.filter(resident=three).update(text_scale=1.45)
    desk.post(f"{ALL}{change.pk}/undo/")
    assert [(view_of(each).text_scale, view_of(each).cafe) for each in (one, two, three)] == [
        (1.0, True), (1.15, True), (1.45, False),
    ]  # fmt: skip
    assert DesiredDocument.objects.get(device__resident=one, name="view").body["text_scale"] == 1.0
    assert state(desk, change)["not undone"] == 1
    ResidentView.objects.filter(resident=one).update(text_scale=1.6, cafe=False)
    desk.post(f"{ALL}{change.pk}/undo/")
    assert view_of(one).text_scale == 1.6


def test_a_group_is_changed_alone(desk: Client, home: Home, foreign: Home) -> None:
    """Residents are put in and taken out; nobody of another organisation gets in."""
    one, other = make_screens(home, 2)
    answer = desk.post(f"{ALL}groups/", {"name": "Early sleepers", "organisation": home.organisation.pk})
    group = ScreenGroup.objects.get(name="Early sleepers")
    assert answer.headers["Location"] == f"{ALL}groups/{group.pk}/"
    members = f"{ALL}groups/{group.pk}/members/"
    desk.post(members, {"resident": [one.pk, other.pk, foreign.resident.pk, "x"]})
    assert set(group.residents.all()) == {one, other}
    desk.post(members, {"resident": [other.pk], "act": "leave"})
    send(desk, preview(desk, group, clock="0"))
    assert (view_of(one).clock, view_of(other).clock) == (False, True)


def test_a_template_fills_in_the_form(desk: Client, home: Home) -> None:
    """Settings of a preview are kept under a name, once; the form begins with them."""
    make_screens(home, 1)
    page = preview(desk, home.organisation, queue="1", night_from="19:45")
    token = re.search(r'name="token" value="([^"]+)"', page)
    assert token
    for _twice in range(2):
        desk.post(f"{ALL}templates/keep/", {"token": token[1], "name": "Evening"})
    template = ViewTemplate.objects.get(name="Evening")
    assert template.values == {"queue": True, "night_from": "19:45"}
    form = desk.get(f"{ALL}?template={template.pk}").context["form"]
    assert (form["queue"].value(), form["night_from"].value(), form["cafe"].value()) == ("1", "19:45", None)
    assert desk.get(f"{ALL}?template=only-relatives").context["form"]["cafe"].value() == "0"


@pytest.mark.parametrize("wrong", [{}, {"night_from": "25:00"}, {"language": "de"}, {"cafe": "maybe"}])
def test_what_cannot_be_is_said_before_anything_is_shown(
    desk: Client, home: Home, wrong: dict[str, str]
) -> None:
    """Nothing chosen, or nothing that a screen can show."""
    page = preview(desk, home.organisation, **wrong)
    assert 'class="error"' in page or "Choose at least one setting" in page
    assert "token" not in page.replace("csrfmiddlewaretoken", "")


def test_a_token_of_ones_own_making_does_nothing(desk: Client, home: Home) -> None:
    """Only what a preview has shown can be sent."""
    answer = desk.post(f"{ALL}send/", {"token": "made:up"}, follow=True)
    assert "too long ago" in answer.content.decode()
    assert ViewChange.objects.count() == 1


def test_a_token_of_another_organisation_does_nothing(desk: Client, home: Home, foreign: Home) -> None:
    """Somebody's preview is of no use to others."""
    theirs = Client()
    theirs.force_login(foreign.user)
    token = re.search(r'name="token" value="([^"]+)"', preview(theirs, foreign.organisation, cafe="0"))
    assert token
    assert desk.post(f"{ALL}send/", {"token": token[1]}).status_code == 404
    assert view_of(foreign.resident).cafe is True


def test_nurses_change_one_screen_and_leads_change_many(home: Home) -> None:
    """The page is for team leads and administrators."""
    answers = {}
    for role in (Role.NURSE, Role.TEAM_LEAD, Role.ADMINISTRATOR):
        client = Client()
        client.force_login(_with(home, role))
        answers[role] = client.get(ALL).status_code
    assert answers == {Role.NURSE: 403, Role.TEAM_LEAD: 200, Role.ADMINISTRATOR: 200}


def test_many_screens_cost_few_queries(desk: Client, home: Home) -> None:
    """The preview and the page of a change need the same number, however many screens there are."""
    make_screens(home, 20)
    with CaptureQueriesContext(connection) as queries:
        page = preview(desk, home.organisation, cafe="0")
    assert len(queries) <= 15
    change = send(desk, page)
    with CaptureQueriesContext(connection) as queries:
        desk.get(f"{ALL}{change.pk}/")
    assert len(queries) <= 20


def _with(home: Home, role: Role) -> User:
    return make_user(home.organisation, roles=[role])
