"""One's own account: password, one-time codes, and where one has signed in (V7, K14)."""

import re

import pytest
from django.test import Client
from django_otp.oath import totp
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from cloud.audit.models import Change
from cloud.organisations.models import CodeRule, SignIn, User
from cloud.organisations.roles import Role
from tests.cloud.homes import PASSWORD, Home, make_home, make_user

pytestmark = [pytest.mark.requirement("K14"), pytest.mark.django_db, pytest.mark.postgresql]

NEW = "Sininen kuppi 77?"


def sign_in(user: User, password: str = PASSWORD, address: str = "10.1.2.3") -> Client:
    """A browser that has passed the first step."""
    client = Client(headers={"User-Agent": "Firefox of a test"})
    fields = {"username": user.username, "password": password}
    client.post("/sign-in/", fields, REMOTE_ADDR=address)
    return client


def code_of(user: User) -> str:
    """What the app on the user's phone shows now; each code counts once."""
    device = TOTPDevice.objects.filter(user=user).latest("pk")
    TOTPDevice.objects.filter(pk=device.pk).update(last_t=-1, throttling_failure_timestamp=None)
    return f"{totp(device.bin_key):06}"


def set_up(client: Client, user: User) -> list[str]:
    """Switches codes on; the spare ones."""
    client.get("/profile/codes/")
    page = client.post("/profile/codes/", {"code": code_of(user)}, follow=True).content.decode()
    return re.findall(r"<code>([a-z0-9]+)</code>", page)


@pytest.mark.requirement("V7")
def test_the_password_is_changed_by_oneself(home: Home) -> None:
    """The old one is needed, a weak one refused, and every other session ends."""
    here, elsewhere = sign_in(home.user), sign_in(home.user)
    fields = {"old_password": "wrong", "new_password1": NEW, "new_password2": NEW}
    here.post("/profile/password/", fields)
    assert elsewhere.get("/help/").status_code == 200
    weak = {"old_password": PASSWORD, "new_password1": "salasana1234", "new_password2": "salasana1234"}
    assert "common word" in here.post("/profile/password/", weak).content.decode()
    here.post("/profile/password/", {**fields, "old_password": PASSWORD})
    assert (here.get("/help/").status_code, elsewhere.get("/help/").status_code) == (200, 302)
    assert sign_in(home.user, NEW).get("/help/").status_code == 200


def test_one_sees_where_one_signed_in_and_ends_it(home: Home) -> None:
    """Address and browser of each; everywhere else means everywhere but here."""
    here, elsewhere = sign_in(home.user), sign_in(home.user, address="10.9.9.9")
    page = here.get("/profile/").content.decode()
    assert "10.9.9.9" in page
    assert "Firefox of a test" in page
    here.post("/profile/sign-out/")
    assert (here.get("/help/").status_code, elsewhere.get("/help/").status_code) == (200, 302)
    assert SignIn.objects.filter(user=home.user).count() == 2


def test_an_administrator_sees_who_signed_in_from_where(home: Home, desk: Client) -> None:
    """It is on the user's page."""
    nurse = make_user(home.organisation, "Kaisa", roles=[Role.NURSE])
    assert "Never" in desk.get(f"/users/{nurse.pk}/").content.decode()
    sign_in(nurse)
    assert "10.1.2.3" in desk.get(f"/users/{nurse.pk}/").content.decode()


def test_a_code_is_asked_for_at_each_sign_in(home: Home) -> None:
    """Until it is entered no page opens, not even the one that sets up another phone."""
    set_up(sign_in(home.user), home.user)
    client = sign_in(home.user)
    for page in ("/help/", "/profile/", "/profile/codes/", "/users/", "/live/"):
        answer = client.get(page)
        assert (answer.status_code, answer.headers["Location"]) == (302, "/sign-in/code/")
    assert client.post("/profile/codes/off/").headers["Location"] == "/sign-in/code/"
    right = code_of(home.user)
    wrong = f"{(int(right) + 1) % 1_000_000:06}"
    assert "wrong" in client.post("/sign-in/code/", {"code": wrong}).content.decode()
    client.post("/sign-in/code/", {"code": code_of(home.user)})
    assert client.get("/help/").status_code == 200


def test_a_code_counts_once_and_guessing_waits(home: Home) -> None:
    """A code that somebody has observed is useless; after a wrong one even the right one has to wait."""
    set_up(sign_in(home.user), home.user)
    code = code_of(home.user)
    first, second = sign_in(home.user), sign_in(home.user)
    first.post("/sign-in/code/", {"code": code})
    second.post("/sign-in/code/", {"code": code})
    assert (first.get("/help/").status_code, second.get("/help/").status_code) == (200, 302)
    TOTPDevice.objects.update(last_t=-1)
    assert "wait a little" in second.post("/sign-in/code/", {"code": code}).content.decode()


def test_a_spare_code_stands_in_once(home: Home) -> None:
    """It replaces a lost phone."""
    spare = set_up(sign_in(home.user), home.user)
    assert len(spare) == 8
    first, second = sign_in(home.user), sign_in(home.user)
    first.post("/sign-in/code/", {"code": spare[0]})
    second.post("/sign-in/code/", {"code": spare[0]})
    assert (first.get("/help/").status_code, second.get("/help/").status_code) == (200, 302)
    assert StaticToken.objects.count() == 7


def test_a_role_needs_codes_where_its_organisation_says_so(desk: Client, home: Home) -> None:
    """There and below, from the next sign-in; they are set up before anything else, and stay on."""
    below = make_home("Alla", parent=home.organisation)
    name = {"name": home.organisation.name}
    desk.post(f"/organisations/{home.organisation.pk}/", {**name, "code_roles": ["nurse", "auditor"]})
    assert set(CodeRule.objects.values_list("role", flat=True)) == {"nurse", "auditor"}
    nurse = make_user(below.organisation, roles=[Role.NURSE])
    other = make_user(below.organisation, roles=[Role.INSTALLER])
    assert sign_in(other).get("/devices/").status_code == 200
    client = sign_in(nurse)
    answer = client.get("/help/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/profile/codes/")
    assert "data:image/svg" in client.get("/profile/codes/").content.decode()
    set_up(client, nurse)
    assert client.get("/help/").status_code == 200
    assert "Your role needs" in client.post("/profile/codes/off/", follow=True).content.decode()
    desk.post(f"/organisations/{home.organisation.pk}/", name)
    assert not CodeRule.objects.exists()
    client.post("/profile/codes/off/")
    assert User.objects.get(pk=nurse.pk).codes_since is None


def test_an_administrator_switches_codes_off_for_a_lost_phone(desk: Client, home: Home) -> None:
    """It is in the record, without the key; the next sign-in asks for none."""
    nurse = make_user(home.organisation, "Kaisa", roles=[Role.NURSE])
    set_up(sign_in(nurse), nurse)
    desk.post(f"/users/{nurse.pk}/codes/off/")
    assert sign_in(nurse).get("/help/").status_code == 200
    entry = Change.objects.filter(kind="organisations.user", row=nurse.pk).first()
    assert entry
    assert (entry.by, list(entry.changes)) == (home.user, ["codes_since"])


def test_a_password_link_is_no_way_around_codes(home: Home) -> None:
    """A new password still needs the code."""
    set_up(sign_in(home.user), home.user)
    home.user.refresh_from_db()
    home.user.set_password(NEW)
    home.user.save()
    assert sign_in(home.user, NEW).get("/help/").headers["Location"] == "/sign-in/code/"
