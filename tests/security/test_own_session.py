"""A nurse who would call under a colleague's name: professionals call by their own session alone."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from cloud.calls import links, own
from cloud.calls.models import Call, PersonalLink, StaffContact
from cloud.delivery.models import Delivery
from cloud.devices.models import Device
from cloud.family import recovery
from cloud.people.models import Contact, Relation
from tests.cloud.calls.callers import OFFER, Caller, command_bodies, newest
from tests.cloud.homes import Home, make_user

pytestmark = pytest.mark.requirement("V10")


@pytest.fixture(autouse=True)
def online(home: Home, foreign: Home) -> None:
    """Both screens can be reached."""
    Device.objects.update(online=True)


def call(client: Client, home: Home, **more: object) -> object:
    """What the page asks for once it is open."""
    body = {"page": str(uuid4()), "calls": [{"resident": home.resident.pk, "offer": OFFER}], **more}
    return client.post("/call/place/", json.dumps(body), content_type="application/json").status_code


def test_a_nurse_calls_under_the_name_with_which_she_signed_in(desk: Client, home: Home) -> None:
    """From the resident's page: no link, no list; the screen names her, and the log has her."""
    assert "Call now" in desk.get(f"/residents/{home.resident.pk}/").content.decode()
    answer = desk.post(f"/calls/own/{home.resident.pk}/")
    assert answer.headers["Location"] == f"/call/?call={home.resident.pk}"
    assert str(home.user) in desk.get("/call/").content.decode()
    assert call(desk, home) == 200
    (ring,) = command_bodies(home.device, "ring")
    assert ring["name"] == str(home.user)
    assert newest().contact == StaffContact.objects.get(user=home.user).contact


def test_no_link_is_made_for_a_professional(desk: Client, home: Home) -> None:
    """Not for a colleague, and not for oneself."""
    Contact.objects.filter(pk=home.contact.pk).update(role="professional")
    before = PersonalLink.objects.count()
    page = f"/calls/links/{home.relation.pk}/"
    assert "they get no link" in desk.get(page).content.decode()
    desk.post(page, {"lifetime": "30"})
    assert PersonalLink.objects.count() == before


@pytest.mark.parametrize("how", ["show-link", "send-link"])
def test_nor_from_the_directory(desk: Client, home: Home, how: str) -> None:
    """Neither a new link nor one by letter, and the page offers none."""
    Contact.objects.filter(pk=home.contact.pk).update(role="professional", email="leena@example.org")
    before = PersonalLink.objects.count()
    page = f"/relatives/contacts/{home.contact.pk}/"
    assert "they get no link" in (shown := desk.get(page).content.decode())
    assert how not in shown
    assert "they get no link" in desk.post(f"{page}{how}/", follow=True).content.decode()
    assert PersonalLink.objects.count() == before
    assert not Delivery.objects.filter(about="link").exists()


def test_the_key_of_a_session_is_sent_to_nobody(desk: Client, home: Home) -> None:
    """Who asks for a lost link at the address of a colleague gets no letter: it would open nothing."""
    desk.post("/calls/own/")
    own = StaffContact.objects.get(user=home.user).contact
    Contact.objects.filter(pk=own.pk).update(email="anna@example.org")
    Client().post("/call/join/lost/", {"email": "anna@example.org"})
    recovery.answer_due()
    assert not Delivery.objects.filter(about="link").exists()


def test_nor_for_someone_that_somebody_has_made_a_relative_of_a_colleague(desk: Client, home: Home) -> None:
    """Who signs in to the desk is staff whatever their entry says."""
    desk.post("/calls/own/")
    own = StaffContact.objects.get(user=home.user).contact
    Contact.objects.filter(pk=own.pk).update(role="relative")
    relation = Relation.objects.create(resident=home.resident, contact=own)
    desk.post(f"/calls/links/{relation.pk}/", {"lifetime": "30"})
    assert not PersonalLink.objects.filter(contact=own, user=None).exists()


def test_a_link_from_before_the_rule_opens_nothing(home: Home, desk: Client) -> None:
    """By its secret or as a cookie; the page of links says that it is closed, and no phone is rung by it."""
    caller = Caller(home.contact).enter().open()
    assert caller.client.get("/call/servers/").status_code == 200
    Contact.objects.filter(pk=home.contact.pk).update(role="professional")
    assert caller.client.get("/call/servers/").status_code == 403
    assert links.find(caller.secret) is None
    assert links.find(links.make_pass(caller.link, links.BY_LETTER)) is None
    page = desk.get(f"/calls/links/{home.relation.pk}/").content.decode()
    assert "taken back" in page
    assert "Take back" not in page


@pytest.mark.parametrize("how", ["by the form", "by signing in under the name"])
def test_who_becomes_a_professional_loses_their_links_for_good(desk: Client, home: Home, how: str) -> None:
    """And the call that goes on by one ends; being a relative again opens none of them."""
    caller = Caller(home.contact).enter().open()
    caller.call(home)
    if how == "by the form":
        form = {"first_name": "Anna", "last_name": "Salo", "role": "professional", "presence": "available"}
        page = f"/residents/{home.resident.pk}/people/{home.relation.pk}/"
        desk.post(page, {**form, "visible_to_resident": "on"})
    else:
        # An older entry, which somebody has made a relative of.
        StaffContact.objects.create(user=home.user, contact=home.contact)
        own.take_links_back(home.contact)
    assert newest().why == "withdrawn"
    StaffContact.objects.all().delete()
    Contact.objects.filter(pk=home.contact.pk).update(role="relative")
    assert links.find(caller.secret) is None


def test_the_key_of_a_session_opens_nothing_without_the_session(desk: Client, home: Home) -> None:
    """As a cookie made with the desk's own key, or as a pass from a notification, it is no link."""
    desk.post("/calls/own/")
    link = PersonalLink.objects.get(user=home.user)
    assert links.find(links.make_pass(link)) is None
    thief = Client()
    from django.http import HttpResponse

    response = HttpResponse()
    links.enter(response, link)
    thief.cookies[links.COOKIE] = response.cookies[links.COOKIE].value
    assert thief.get("/call/servers/").status_code == 403
    assert desk.get("/call/servers/").status_code == 200


@pytest.mark.parametrize("how", ["signs-out", "locked", "no-role", "a-day-later"])
def test_with_the_session_ends_the_call_page(desk: Client, home: Home, how: str) -> None:
    """Signed out, locked, without the role, or forgotten open: the page opens no door any more."""
    desk.post("/calls/own/")
    match how:
        case "signs-out":
            desk.post("/sign-out/")
        case "locked":
            home.user.is_active = False
            home.user.save()
        case "no-role":
            home.user.grants.all().delete()
        case _:
            PersonalLink.objects.filter(user=home.user).update(
                expires_at=timezone.now() - timedelta(seconds=1)
            )
    assert desk.get("/call/servers/").status_code == 403
    assert call(desk, home) == 403
    assert not Call.objects.exists()


def test_nobody_of_another_home_is_reached(desk: Client, home: Home, foreign: Home) -> None:
    """Neither from a page nor by a number that was guessed."""
    assert desk.post(f"/calls/own/{foreign.resident.pk}/").status_code == 404
    desk.post("/calls/own/")
    assert call(desk, foreign) == 409
    assert command_bodies(foreign.device, "ring") == []


def test_who_is_on_nobodys_list_makes_no_forced_call(desk: Client, home: Home) -> None:
    """The screen answers by itself only for contacts that the resident sees in the list."""
    home.resident.care.forced_by_professionals = True
    home.resident.care.consent_by, home.resident.care.consent_on = "Aino", "2026-01-01"
    home.resident.care.save()
    desk.post("/calls/own/")
    call(desk, home, reason="alarm", text="fell")
    assert newest().why == "not-allowed"
    assert command_bodies(home.device, "forced-call") == []


def test_a_colleagues_name_on_the_own_account_changes_nothing_of_the_colleague(
    desk: Client, home: Home
) -> None:
    """The entry of a professional belongs to one account: the second of that name gets one of their own."""
    namesake = make_user(home.organisation, first_name=home.user.first_name)
    for user in (home.user, namesake):
        client = Client()
        client.force_login(user)
        client.post("/calls/own/")
    mine, theirs = (StaffContact.objects.get(user=user).contact for user in (home.user, namesake))
    assert mine != theirs
