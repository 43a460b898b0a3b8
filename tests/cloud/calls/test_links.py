"""Personal links: a key of one's own, for one page, that can be taken back (V10)."""

import json
import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from cloud.calls import caller_urls, links
from cloud.calls.models import Call, PersonalLink
from cloud.people.models import Contact
from tests.cloud.calls.callers import Caller, command_bodies
from tests.cloud.homes import Home
from tests.cloud.test_scope import PRIVATE, address

pytestmark = pytest.mark.requirement("V10")

ASKED = [
    entry.name for entry in caller_urls.urlpatterns if entry.name not in ("page", "enter", "leave", "live")
]


def test_the_desk_makes_a_link_and_shows_it_once(desk: Client, home: Home, client: Client) -> None:
    """What is shown opens the door; what is stored does not."""
    where = f"/calls/links/{home.relation.pk}/"
    page = desk.post(where, {"days": "30"}).content.decode()
    secret = re.search(r"/call/#([\w-]{40,})", page)
    assert secret
    link = PersonalLink.objects.order_by("pk").last()
    assert link
    assert secret[1] not in desk.get(where).content.decode()
    assert link.secret_sha256 != secret[1]
    assert link.made_by == home.user
    assert link.expires_at > timezone.now() + timedelta(days=29)
    stranger = Client()
    answer = stranger.post("/call/enter/", json.dumps({"secret": secret[1]}), "application/json")
    assert answer.status_code == 204
    assert "Lehmus Relative" in stranger.get("/call/").content.decode()
    link.refresh_from_db()
    assert link.used_at


def test_the_key_is_good_for_the_callers_page_alone(caller: Caller, home: Home) -> None:
    """Every address of the desk still sends to the door, and the browser shows the key to no other path."""
    for route in PRIVATE:
        assert caller.client.get(address(route, home)).status_code in (302, 403, 405), route
    cookie = caller.client.cookies[links.COOKIE]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/call/", True, "Strict")


def test_a_colleague_of_the_desk_is_no_caller(desk: Client) -> None:
    """A nurse's own session opens no caller's page."""
    assert "personal link" in desk.get("/call/").content.decode()
    assert {desk.post(f"/call/{what}/").status_code for what in ASKED if what != "servers"} == {403}


@pytest.mark.parametrize("what", ASKED)
def test_without_a_key_nothing_is_answered(client: Client, db: None, what: str) -> None:
    """Neither by GET nor by POST, whatever it is."""
    assert {client.get(f"/call/{what}/").status_code, client.post(f"/call/{what}/").status_code} <= {403, 405}


@pytest.mark.parametrize("how", ["revoked", "expired", "locked", "anonymised"])
def test_a_caller_who_lost_the_right_is_out_at_once(caller: Caller, home: Home, how: str) -> None:
    """The next thing they ask for is refused, and the page shows the door."""
    if how == "revoked":
        PersonalLink.objects.update(revoked_at=timezone.now())
    elif how == "expired":
        PersonalLink.objects.update(expires_at=timezone.now())
    elif how == "locked":
        Contact.objects.update(locked=True)
    else:
        Contact.objects.update(anonymised_at=timezone.now())
    assert caller.call(home).status_code == 403
    assert "personal link" in caller.client.get("/call/").content.decode()
    assert caller.post("enter", secret=caller.secret).status_code == 403
    assert not Call.objects.exists()


def test_a_link_taken_back_ends_its_calls(desk: Client, caller: Caller, home: Home) -> None:
    """A ringing call is withdrawn, and the device is notified."""
    caller.call(home)
    desk.post(f"/calls/links/{home.relation.pk}/{caller.link.pk}/revoke/")
    assert Call.objects.get().why == "withdrawn"
    assert [body["why"] for body in command_bodies(home.device, "end-call")] == ["withdrawn"]


def test_guessing_closes_the_door(client: Client, db: None, caller: Caller) -> None:
    """Fifty wrong secrets from one place, and nobody there is let in for a while."""
    for number in range(50):
        assert client.post("/call/enter/", f'{{"secret": "{number}"}}', "application/json").status_code == 403
    assert caller.post("enter", secret=caller.secret).status_code == 429


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b'{"secret": 1}', b'{"secret": ""}', b"x" * 500_000])
def test_nonsense_at_the_door_is_refused(client: Client, db: None, body: bytes) -> None:
    """In words, not with an error."""
    answer = client.post("/call/enter/", body, "application/json")
    assert answer.status_code == 403
    assert answer.json()["words"]


def test_a_forged_cookie_opens_nothing(client: Client, caller: Caller) -> None:
    """Only what the desk has signed counts."""
    for forged in (str(caller.link.pk), f"{caller.link.pk}:x:y", "nonsense"):
        client.cookies[links.COOKIE] = forged
        assert "personal link" in client.get("/call/").content.decode()


def test_requests_of_other_sites_are_refused(caller: Caller, home: Home) -> None:
    """Each wish needs the page's own token."""
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = caller.client.cookies
    for what in ("enter", *ASKED):
        if what != "servers":
            assert strict.post(f"/call/{what}/", "{}", "application/json").status_code == 403
    assert not Call.objects.exists()


def test_only_the_callers_page_may_use_the_camera(caller: Caller, desk: Client) -> None:
    """Every other page says that it may not; scripts come from the desk alone."""
    page = caller.client.get("/call/")
    assert page.headers["Permissions-Policy"].startswith("camera=(self)")
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert desk.get("/calls/").headers["Permissions-Policy"].startswith("camera=()")


def test_every_address_of_callers_is_tested_here() -> None:
    """A new one below call/ needs its place in this file."""
    found = [entry for entry in get_resolver().url_patterns if str(entry.pattern) == "call/"]
    assert len(found) == 1
    assert settings.LOGIN_URL == "/sign-in/"
    assert set(ASKED) == {"servers", "place", "answer", "refuse", "end", "beat", "seen", "presence"}
