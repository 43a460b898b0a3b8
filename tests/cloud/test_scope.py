"""Nobody sees, changes or even guesses at what belongs to another organisation (V27)."""

import ast
import re
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

import cloud
from cloud.organisations.models import Grant, Organisation, Passkey
from cloud.people.models import Contact, Resident
from tests.cloud.homes import Home, make_device, make_home, make_resident, make_user

pytestmark = [pytest.mark.requirement("V27"), pytest.mark.postgresql]

PUBLIC = (
    "calendar/<str:secret>/kotiruutu.ics",
    "metrics",
    "sign-in/",
    "sign-in/forgotten/",
    # Asks and answers a passkey; tests/cloud/test_passkeys.py sees to it.
    "sign-in/passkey/",
    "sign-in/passkey/options/",
    "sign-out/",
    "language/",
    "welcome/<uidb64>/<token>/",
    # The link itself is signed; tests/cloud/notices sees to it.
    "notices/file/<str:token>/",
    # Gateways sign what they report; tests/cloud/delivery sees to it.
    "deliveries/reports/<slug:channel>/<int:organisation>/",
)
# Devices have certificates, not sessions; tests/devices sees to them.
FOR_DEVICES = "device/v1/"
# Callers have personal links; tests/cloud/calls sees to them.
FOR_CALLERS = "call/"
# A picture stream carries a pass that was signed for one user and one device; without it every device is 403.
WITH_A_PASS = "devices/<slug:device>/remote-view/stream/"
# Its queries are by a device that was found visible, or by such a pass.
SCOPED_BY_DEVICE = ("device_views.py", "remote_view.py", "remote_view_views.py")
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")


def routes(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[str]:
    """Every address of the desk, as ``residents/<int:pk>/``."""
    for entry in (resolver or get_resolver()).url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield route
        elif not route.startswith((FOR_DEVICES, FOR_CALLERS)):
            yield from routes(entry, route)


ROUTES = sorted({route for route in routes() if not route.startswith(FOR_DEVICES)})
PRIVATE = [route for route in ROUTES if route not in PUBLIC]
WITH_OBJECTS = [route for route in PRIVATE if "<" in route]


def address(route: str, home: Home) -> str:
    """The route with the objects of this home; a parameter unknown here fails, and has to be taught."""
    owners = {
        "residents/photos/": home.photo,
        "residents/closed-days/": home.closed_day,
        "residents/": home.resident,
        "devices/": home.device,
        "help/": home.help,
        "events/": home.meeting,
        "partner/residents/": home.resident,
        "partner/readiness/": home.resident,
        "calls/own/": home.resident,
        "partner/alarms/": home.help,
        "partner/contacts/": home.sheet,
        "users/": home.user,
        "organisations/": home.organisation,
        "proposals/": home.proposal,
    }
    first = next((owner for prefix, owner in owners.items() if route.startswith(prefix)), None)
    objects: dict[str, object] = {
        "device": home.device.pk,
        "relation": home.relation.pk,
        "escalation": home.escalation_contact.pk,
        "link": home.link.pk,
        "appointment": home.appointment.pk,
        "organisation": home.organisation.pk,
        "day": "2031-12-24",
        "closed_day": home.closed_day.pk,
        "shift": home.shift.pk,
        "person": home.shift.person_id,
        "queue": home.queue.pk,
        "room": home.meeting.room,
        "visit": home.visit.pk,
        "text": home.text.pk,
        "reminder": home.reminder.pk,
        "message": home.message.pk,
        "grant": Grant.objects.filter(user=home.user).values_list("pk", flat=True)[0],
        "delivery": home.delivery.pk,
        "template": home.template.pk,
        "rule": home.template.rules.values_list("pk", flat=True)[0],
        "file": home.template.files.values_list("pk", flat=True)[0],
        "recipient": home.recipient.pk,
        "contract": home.contract.pk,
        "contact_person": home.contract.contacts.values_list("pk", flat=True)[0],
        "covered": home.contract.covered.values_list("pk", flat=True)[0],
        "picture": home.picture.pk,
        "contact": home.contact.pk,
        "channel": "sms-gateway",
        "application": home.application.pk,
        "resident": home.resident.pk,
        "group": home.screen_group.pk,
        "view_template": home.view_template.pk,
        "change": home.view_change.pk,
    }
    if "<int:passkey>" in route:
        # Only where it is asked for: a user who has one needs a second step to sign in.
        key, _made = Passkey.objects.get_or_create(user=home.user, defaults={"credential_id": home.mark})
        objects["passkey"] = key.pk
    if first is not None:
        objects["pk"] = first.pk
    return "/" + PARAMETER.sub(lambda found: str(objects[found[1]]), route)


@pytest.fixture(scope="module")
def homes(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[Home, Home, str]]:
    """Our home, a foreign one, and the session of our nurse, made once: every test undoes what it does."""
    with django_db_blocker.unblock(), transaction.atomic():
        home, foreign = make_home("Lehmus"), make_home("Vieras")
        client = Client()
        client.force_login(home.user)
        yield home, foreign, client.cookies[settings.SESSION_COOKIE_NAME].value
        transaction.set_rollback(True)


@pytest.fixture
def home(homes: tuple[Home, Home, str], db: None) -> Home:
    """Our home."""
    return deepcopy(homes[0])


@pytest.fixture
def foreign(homes: tuple[Home, Home, str], db: None) -> Home:
    """A home that is none of our business."""
    return deepcopy(homes[1])


@pytest.fixture
def desk(homes: tuple[Home, Home, str], client: Client, db: None) -> Client:
    """The desk, as our nurse sees it."""
    client.cookies[settings.SESSION_COOKIE_NAME] = homes[2]
    return client


@pytest.mark.parametrize("route", WITH_OBJECTS)
def test_foreign_objects_do_not_exist(route: str, desk: Client, foreign: Home) -> None:
    """What belongs to another organisation is answered like what is not there: 404, never 403."""
    there, nowhere = (_answers(desk, address(route, foreign)), _answers(desk, nowhere_like(route)))
    assert there == nowhere
    # 405 is said before anything is looked up, so it reveals nothing.
    assert (403 if route == WITH_A_PASS else 404) in there
    assert there <= {404, 405, 403 if route == WITH_A_PASS else 404}


@pytest.mark.parametrize("route", [route for route in WITH_OBJECTS if len(PARAMETER.findall(route)) > 1])
def test_foreign_parts_under_own_resident_do_not_exist(
    route: str, desk: Client, home: Home, foreign: Home
) -> None:
    """A foreign contact or appointment is not reached through one's own resident."""
    if route.startswith(("cafe/", "deliveries/", "notices/", "partner/comparisons/")):
        return
    mixed = address(route, foreign).replace(f"/{foreign.resident.pk}/", f"/{home.resident.pk}/", 1)
    answers = _answers(desk, mixed)
    assert 404 in answers
    assert answers <= {404, 405}


@pytest.mark.parametrize("route", WITH_OBJECTS)
def test_own_objects_are_there(route: str, desk: Client, home: Home) -> None:
    """The same addresses answer for one's own objects: the 404s above mean something."""
    answers = _answers(desk, address(route, home))
    assert 404 not in answers
    # A picture stream needs a pass, a call its body.
    assert answers & {200, 302} or "/remote-view/" in route or "/call/" in route


@pytest.mark.parametrize("route", PRIVATE)
def test_strangers_are_sent_to_the_door(route: str, client: Client, foreign: Home) -> None:
    """Without a session only the sign-in page is shown, for any URL."""
    for answer in (client.get(address(route, foreign)), client.post(address(route, foreign))):
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith(settings.LOGIN_URL)


@pytest.mark.parametrize("route", [route for route in PRIVATE if "<" not in route and route != "live/"])
def test_lists_show_only_own(route: str, desk: Client, foreign: Home) -> None:
    """No list, count or choice on any page names anything foreign."""
    page = desk.get("/" + route, follow=True).content.decode(errors="replace")
    assert foreign.mark not in page
    assert foreign.device.pk not in page


def test_choices_refuse_foreign_rows(desk: Client, home: Home, foreign: Home) -> None:
    """A foreign organisation, contact or resident cannot be slipped into a form."""
    desk.post(
        "/residents/new/", {"first_name": "A", "last_name": "B", "organisation": foreign.organisation.pk}
    )
    desk.post(f"/residents/{home.resident.pk}/people/known/", {"contact": foreign.contact.pk})
    desk.post(f"/devices/{home.device.pk}/device/", {"use": "in-use", "resident": foreign.resident.pk})
    home.device.refresh_from_db()
    assert not Resident.objects.filter(first_name="A").exists()
    assert home.resident.relations.count() == 1
    assert home.device.resident == home.resident


def test_host_sees_its_sub_organisations(home: Home, client: Client) -> None:
    """An administrator sees their own organisation and those below it, not the one above or beside."""
    below = make_home("Alla", parent=home.organisation)
    beside = make_home("Rinta", parent=home.organisation)
    client.force_login(home.user)
    assert {below.mark, beside.mark} <= _marks(client.get("/residents/").content.decode())
    client.force_login(below.user)
    assert _marks(client.get("/residents/").content.decode()) == {below.mark}


def test_numbers_that_begin_alike_are_different(db: None, client: Client) -> None:
    """Organisation 901 does not see organisation 9010."""
    first = Organisation(pk=901, name="One", path="/901/")
    tenth = Organisation(pk=9010, name="Ten", path="/9010/")
    Organisation.objects.bulk_create([first, tenth])
    make_device(make_resident(tenth, "Kymppi"))
    client.force_login(make_user(first))
    assert "Kymppi" not in client.get("/devices/").content.decode()


def test_foreign_contact_of_own_resident_is_shown_but_not_edited(
    desk: Client, home: Home, foreign: Home
) -> None:
    """A host may link across organisations; the nurse of one sees the name and may not change it."""
    home.relation.contact = foreign.contact
    home.relation.save()
    address_ = f"/residents/{home.resident.pk}/people/{home.relation.pk}/"
    desk.post(address_, {"first_name": "Changed", "last_name": "X", "role": "relative", "presence": "away"})
    assert desk.post(f"{address_}lock/").status_code == 404
    assert Contact.objects.get(pk=foreign.contact.pk).first_name == foreign.mark


def test_every_query_of_every_view_is_scoped() -> None:
    """No module of views or forms reaches a model's rows but through ``visible_to``."""
    modules = [
        module
        for pattern in ("*/*_view.py", "*/*views.py", "*/*forms.py", "*/board.py")
        for module in Path(cloud.__path__[0]).glob(pattern)
        if module.name not in SCOPED_BY_DEVICE and module.parent.name != "link"
    ]
    assert len(modules) > 8
    assert [breach for module in modules for breach in _unscoped(module)] == []


def _unscoped(module: Path) -> Iterator[str]:
    attributes = [node for node in ast.walk(ast.parse(module.read_text())) if isinstance(node, ast.Attribute)]
    harmless = {id(node.value) for node in attributes if node.attr in ("visible_to", "none")}
    for node in attributes:
        is_rows = node.attr in ("objects", "_default_manager", "_base_manager")
        if is_rows and id(node) not in harmless:
            yield f"{module.name}:{node.lineno}"


def nowhere_like(route: str) -> str:
    """The route with objects that never were."""
    values = {"day": "2031-12-24", "device": "nosuchdevicehere", "delivery": str(UUID(int=7))}
    return "/" + PARAMETER.sub(lambda found: values.get(found[1], "999999"), route)


def _answers(desk: Client, path: str) -> set[int]:
    return {desk.get(path).status_code, desk.post(path).status_code}


def _marks(page: str) -> set[str]:
    return {mark for mark in ("Lehmus", "Alla", "Rinta") if f"{mark} Virtanen" in page}
