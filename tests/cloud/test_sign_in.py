"""The door of the desk: who comes in, who does not, and in which language."""

import time
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from cloud.organisations.models import FailedSignIn
from tests.cloud.homes import PASSWORD, Home


def sign_in(client: Client, name: str, password: str, address: str = "127.0.0.1") -> str:
    """What the page says after an attempt."""
    fields = {"username": name, "password": password}
    answer = client.post(
        "/sign-in/", fields, follow=True, headers={"Accept-Language": "en"}, REMOTE_ADDR=address
    )
    return answer.content.decode()


def test_right_password_opens_the_help_board(client: Client, home: Home) -> None:
    """After signing in a nurse sees who waits."""
    page = sign_in(client, home.user.username, PASSWORD)
    assert "Help board" in page


def test_wrong_password_and_wrong_name_sound_the_same(client: Client, home: Home) -> None:
    """Nobody learns from the answer which names exist."""
    words = "The user name or the password is wrong."
    assert words in sign_in(client, home.user.username, "wrong")
    assert words in sign_in(client, "nobody", "wrong")


@pytest.mark.parametrize("password", ["", "x" * 5000, "\0", "' OR 1=1 --"])
def test_odd_passwords_are_only_wrong(client: Client, home: Home, password: str) -> None:
    """No password, however odd, does more than fail."""
    sign_in(client, home.user.username, password)
    assert client.get("/help/").status_code == 302


def test_guessing_closes_the_door_for_a_while(client: Client, home: Home) -> None:
    """After five failures not even the right password is tried, and the page says so."""
    for _ in range(5):
        sign_in(client, home.user.username, "wrong")
    page = sign_in(client, home.user.username, PASSWORD)
    assert "Please wait 15 minutes" in page
    FailedSignIn.objects.update(at=timezone.now() - timedelta(minutes=16))
    assert "Help board" in sign_in(client, home.user.username, PASSWORD)


def test_guessing_from_elsewhere_does_not_lock_a_nurse_out(client: Client, home: Home) -> None:
    """Somebody else's failures at another address do not close one's own door."""
    for _ in range(6):
        sign_in(client, home.user.username, "wrong", address="10.9.8.7")
    assert "Help board" in sign_in(client, home.user.username, PASSWORD, address="10.1.1.1")


def test_trying_many_names_closes_the_door_of_an_address(client: Client, home: Home) -> None:
    """Fifty failures from one address, each for another name, are enough too."""
    FailedSignIn.objects.bulk_create(
        FailedSignIn(name_sha256=f"{number:064x}", address="10.9.8.7") for number in range(50)
    )
    page = sign_in(client, home.user.username, PASSWORD, address="10.9.8.7")
    assert "Please wait" in page


@pytest.mark.requirement("K13")
@pytest.mark.parametrize(
    ("code", "words"),
    [("fi", "Avunpyynnöt"), ("sv", "Hjälpbegäran"), ("da", "Hjælpeanmodninger"), ("en", "Help board")],
)
def test_each_user_has_a_language(desk: Client, home: Home, code: str, words: str) -> None:
    """The choice holds from then on, and on every computer."""
    page = desk.post("/language/", {"language": code, "next": "/help/"}, follow=True).content.decode()
    home.user.refresh_from_db()
    assert home.user.language == code
    assert words in page
    assert f'lang="{code}"' in page


def test_language_switch_leads_nowhere_else(desk: Client) -> None:
    """The way back after a choice cannot be bent to another site."""
    answer = desk.post("/language/", {"language": "sv", "next": "https://evil.example/"})
    assert answer.headers["Location"] == "/"


def test_pages_keep_to_themselves(desk: Client) -> None:
    """No foreign or inline script runs, no frame holds the page, no cache keeps it."""
    headers = desk.get("/help/").headers
    assert "script-src 'self'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Cache-Control"] == "no-store"


def test_part_of_a_page_is_refused_without_a_session(client: Client, db: None) -> None:
    """The page that asked says that it has been signed out; it does not vanish."""
    answer = client.get("/help/requests/", HTTP_HX_REQUEST="true")
    assert answer.status_code == 401
    assert not answer.content


@pytest.mark.requirement("K3")
def test_what_a_person_does_keeps_the_session(desk: Client, settings: Any) -> None:
    """Polling does not; it gets the remaining time."""
    age_s = settings.SESSION_COOKIE_AGE
    assert int(desk.get("/help/").headers["X-Session-Left"]) == age_s
    session = desk.session
    session["kept_at"] = time.time() - 3600
    session.save()
    left_s = int(desk.get("/help/count/", HTTP_HX_REQUEST="true").headers["X-Session-Left"])
    assert left_s == pytest.approx(age_s - 3600, abs=20)
    assert int(desk.get("/help/").headers["X-Session-Left"]) == age_s
