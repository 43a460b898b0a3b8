"""Passkeys, in Chromium with a virtual authenticator: as the second step, and instead of a password."""

import re
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import Aaguid, AttestedCredentialData
from playwright.sync_api import Page, expect

from cloud.audit.models import Change
from cloud.organisations.models import CodeRule, Passkey, User
from cloud.organisations.roles import Role
from tests.cloud.homes import PASSWORD, Home, make_user

pytestmark = [pytest.mark.requirement("K14")]


def add_authenticator(page: Page) -> None:
    """This computer has a finger-print reader that recognises anybody who sits there."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )


def type_password(page: Page, address: str, user: User) -> None:
    """The first step of signing in."""
    page.goto(f"{address}/sign-in/")
    page.get_by_label("User name").fill(user.username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def forget(page: Page) -> None:
    """The browser no longer knows anybody; what the page before still asked for cannot set a cookie again."""
    page.goto("about:blank")
    page.context.clear_cookies()


@pytest.mark.django_db(transaction=True)
def test_a_passkey_is_the_second_step_and_then_the_only_one(
    home: Home, address: str, visit: Callable[[Home], Page]
) -> None:
    """Whose role needs a second step adds a key at the door; later it opens the desk without a password."""
    CodeRule.objects.create(organisation=home.organisation, role=Role.NURSE)
    page = visit(home)
    forget(page)
    add_authenticator(page)
    type_password(page, address, home.user)
    page.goto(f"{address}/help/")
    expect(page).to_have_url(re.compile("/profile/codes/$"))
    page.get_by_label("Name of the passkey").fill("Ward computer")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_text("Ward computer", exact=True)).to_be_visible()
    key = Passkey.objects.get(user=home.user)
    forget(page)
    type_password(page, address, home.user)
    page.goto(f"{address}/help/")
    expect(page).to_have_url(re.compile("/sign-in/code/$"))
    page.get_by_role("button", name="Use a passkey").click()
    expect(page).not_to_have_url(re.compile("sign-in"))
    forget(page)
    page.goto(f"{address}/sign-in/")
    # The page stands open while somebody types a password in another tab of this browser.
    tab = page.context.new_page()
    type_password(tab, address, home.user)
    expect(tab).to_have_url(re.compile("/sign-in/code/$"))
    tab.close()
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page).not_to_have_url(re.compile("sign-in"))
    page.goto(f"{address}/profile/")
    expect(page.get_by_text(home.user.username)).to_be_visible()
    key.refresh_from_db()
    assert key.used_at
    # Somebody without the key stays outside, and reads why.
    Passkey.objects.all().delete()
    forget(page)
    page.goto(f"{address}/sign-in/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_text("This passkey does not fit")).to_be_visible()


def make_key(user: User, name: str = "Key") -> Passkey:
    """A key of this user that no browser has."""
    id_, public = f"{user.pk}-{name}".encode(), ec.generate_private_key(ec.SECP256R1()).public_key()
    data = AttestedCredentialData.create(Aaguid.NONE, id_, ES256.from_cryptography_key(public))  # type: ignore[no-untyped-call]
    return Passkey.objects.create(
        user=user, name=name, credential_id=websafe_encode(id_), credential=bytes(data)
    )


def first_step(user: User) -> Client:
    """A browser in which the password was typed."""
    client = Client()
    client.post("/sign-in/", {"username": user.username, "password": PASSWORD})
    return client


WRONG = [
    "",
    "null",
    "[]",
    "{}",
    '{"id": 1}',
    "{" * 5_000,
    "x" * 30_000,
    '{"id":"AA","rawId":"AA","response":{}}',
]


@pytest.mark.django_db
@pytest.mark.postgresql
@pytest.mark.parametrize("answer", WRONG)
def test_a_wrong_answer_opens_nothing(home: Home, answer: str) -> None:
    """Neither the second step nor the desk nor the list of keys; and none is taken without a question."""
    make_key(home.user)
    client = first_step(home.user)
    for question in ("", "/sign-in/code/passkey/options/"):
        if question:
            assert client.post(question).json()["publicKey"]["challenge"]
        client.post("/sign-in/code/passkey/", {"answer": answer})
        assert client.get("/help/").headers["Location"] == "/sign-in/code/"
    stranger = Client()
    assert stranger.post("/sign-in/passkey/options/").status_code == 200
    assert stranger.post("/sign-in/passkey/", {"answer": answer}).headers["Location"] == "/sign-in/"
    assert stranger.get("/help/").status_code == 302
    desk = Client()
    desk.force_login(home.user)
    desk.post("/profile/passkeys/options/")
    desk.post("/profile/passkeys/add/", {"name": "Mine", "answer": answer})
    assert Passkey.objects.count() == 1


@pytest.mark.django_db
def test_strangers_are_asked_a_few_times_only(home: Home) -> None:
    """Six questions from one address without an answer, and it has to wait."""
    stranger = Client()
    answers = [stranger.post("/sign-in/passkey/options/").status_code for _try in range(6)]
    assert answers == [200] * 5 + [429]
    assert Client(REMOTE_ADDR="10.9.8.7").post("/sign-in/passkey/options/").status_code == 200


@pytest.mark.django_db
@pytest.mark.postgresql
def test_the_last_key_stays_where_a_role_needs_one(home: Home, foreign: Home, desk: Client) -> None:
    """One of two may go; another's is not there; an administrator of the account can remove all."""
    CodeRule.objects.create(organisation=home.organisation, role=Role.NURSE)
    first, second, others = make_key(home.user, "A"), make_key(home.user, "B"), make_key(foreign.user)
    assert desk.post(f"/profile/passkeys/{others.pk}/remove/").status_code == 404
    for key in (first, second):
        desk.post(f"/profile/passkeys/{key.pk}/remove/")
    assert list(home.user.passkeys.all()) == [second]
    manager = Client()
    manager.force_login(make_user(home.organisation, "Manager", roles=[Role.ADMINISTRATOR]))
    manager.post(f"/users/{home.user.pk}/passkeys/off/")
    assert not home.user.passkeys.exists()
    assert Change.objects.filter(kind="organisations.passkey").exists()
