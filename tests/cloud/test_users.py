"""Users, their roles, and the link by which they choose a password (V7, V8, K14)."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from cloud.delivery.models import Delivery
from cloud.organisations.models import Grant, Organisation, User
from cloud.organisations.roles import Role
from tests.cloud.homes import PASSWORD, Home, make_home, make_user
from tests.cloud.mail_channel import post_mail

pytestmark = [pytest.mark.requirement("K14"), pytest.mark.django_db, pytest.mark.postgresql]

NEW = "Sininen kuppi 77?"
KAISA = {"first_name": "Kaisa", "last_name": "Uusi", "email": "Kaisa@Example.org", "language": "en"}


@pytest.fixture
def admin(client: Client, home: Home) -> Client:
    """The desk of the only administrator."""
    home.user.grants.all().delete()
    client.force_login(make_user(home.organisation, roles=[Role.ADMINISTRATOR]))
    return client


def invite(admin: Client, home: Home, **fields: object) -> User:
    """Kaisa is invited as a nurse."""
    data = {**KAISA, "organisation": home.organisation.pk, "role": "nurse", **fields}
    assert admin.post("/users/new/", data).status_code == 302
    return User.objects.get(username="kaisa@example.org")


def mailed_link() -> str:
    """The path of the link in the last e-mail, once the desk has sent what waits."""
    post_mail()
    found = re.search(r"https?://[^/]+(/welcome/\S+)", str(mail.outbox[-1].body))
    assert found
    return found[1]


def choose(link: str, password: str) -> str:
    """What the page says after somebody has opened the link and chosen this password."""
    visitor = Client()
    form = visitor.get(link, follow=True)
    where = form.redirect_chain[-1][0] if form.redirect_chain else link
    fields = {"new_password1": password, "new_password2": password}
    return visitor.post(where, fields, follow=True).content.decode()


@pytest.mark.requirement("V7")
def test_an_invitation_goes_by_mail_and_opens_the_account_once(admin: Client, home: Home) -> None:
    """The link sets a password, weak ones are refused, and once it was used it opens nothing."""
    invite(admin, home)
    link = mailed_link()
    assert mail.outbox[-1].to == ["kaisa@example.org"]
    assert "common word" in choose(link, "salasana1234")
    assert "Your password is set" in choose(link, NEW)
    assert "used already" in choose(link, NEW + "!")
    kaisa = Client()
    kaisa.post("/sign-in/", {"username": "KAISA@example.org", "password": NEW})
    assert kaisa.get("/help/").status_code == 200


@pytest.mark.requirement("V7")
def test_a_link_is_for_three_days_and_ends_with_the_next(admin: Client, home: Home, settings: Any) -> None:
    """A link that is too old or was replaced opens nothing, nor does one of a locked account."""
    kaisa = invite(admin, home)
    first = mailed_link()
    admin.post(f"/users/{kaisa.pk}/link/")
    second = mailed_link()
    assert "used already" in choose(first, NEW)
    admin.post(f"/users/{kaisa.pk}/lock/")
    assert "used already" in choose(second, NEW)
    admin.post(f"/users/{kaisa.pk}/lock/")
    settings.PASSWORD_RESET_TIMEOUT = -1
    assert "used already" in choose(second, NEW)
    assert not User.objects.get(pk=kaisa.pk).has_usable_password()


def test_without_a_mail_server_the_link_is_shown_once(admin: Client, home: Home, settings: Any) -> None:
    """The administrator hands it over; loading the page again neither shows it nor makes another."""
    settings.EMAIL_BACKEND = "cloud.desk.mail.EmailBackend"
    kaisa = invite(admin, home)
    page = admin.get(f"/users/{kaisa.pk}/").content.decode()
    assert "Hand this link over" in page
    assert "/welcome/" in page
    assert not Delivery.objects.filter(about="account").exists()
    assert "/welcome/" not in admin.get(f"/users/{kaisa.pk}/").content.decode()


@pytest.mark.requirement("V7")
def test_a_mail_server_that_is_away_delays_an_invitation(
    admin: Client, home: Home, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page says so and why, the desk tries again, and what comes out at last opens the account."""

    def refuse(*_arguments: object, **_named: object) -> int:
        raise ConnectionRefusedError("nobody listens")

    with monkeypatch.context() as without_server:
        without_server.setattr("django.core.mail.EmailMessage.send", refuse)
        kaisa = invite(admin, home)
        post_mail()
    page = " ".join(admin.get(f"/users/{kaisa.pk}/").content.decode().split())
    assert "has not gone out yet (nobody listens)" in page
    assert not mail.outbox
    Delivery.objects.filter(about="account").update(due_at=timezone.now())
    assert "Your password is set" in choose(mailed_link(), NEW)
    assert "The last e-mail went to kaisa@example.org at" in admin.get(f"/users/{kaisa.pk}/").content.decode()


@pytest.mark.requirement("V7")
def test_the_link_is_in_no_row_and_an_old_one_is_not_sent(admin: Client, home: Home) -> None:
    """Who reads the database opens no account; of two letters that wait, the newer goes out."""
    kaisa = invite(admin, home)
    admin.post(f"/users/{kaisa.pk}/link/")
    rows = Delivery.objects.filter(about="account").order_by("created_at")
    assert [(row.state, row.body) for row in rows] == [("cancelled", ""), ("waiting", "")]
    shown = admin.post(f"/users/{kaisa.pk}/link/", {"show": "1"}, follow=True).content.decode()
    post_mail()
    assert not mail.outbox
    found = re.search(r"https?://[^/]+(/welcome/[^\"]+)", shown)
    assert found
    assert "Your password is set" in choose(found[1], NEW)


@pytest.mark.requirement("V7")
@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"first_name": ""}, "required"),
        ({"last_name": " "}, "required"),
        ({"email": ""}, "required"),
        ({"email": "no address"}, "valid email"),
        ({"email": f"{'k' * 140}@example.org"}, "too long"),
        ({"first_name": "ä" * 300}, "at most 150"),
        ({"role": "emperor"}, "not one of the available"),
    ],
)
def test_what_is_wrong_is_said(admin: Client, home: Home, fields: dict[str, str], words: str) -> None:
    """Names and an address are needed, in whatever script."""
    data = {**KAISA, "organisation": home.organisation.pk, "role": "nurse", **fields}
    assert words in admin.post("/users/new/", data).content.decode()
    assert not User.objects.filter(first_name="Kaisa").exists()


def test_an_address_is_taken_once(admin: Client, home: Home) -> None:
    """In capitals it is the same."""
    invite(admin, home)
    data = {**KAISA, "email": "KAISA@EXAMPLE.ORG", "organisation": home.organisation.pk, "role": "nurse"}
    assert "has this address already" in admin.post("/users/new/", data).content.decode()
    assert User.objects.filter(first_name="Kaisa").count() == 1


@pytest.mark.requirement("V8")
def test_a_locked_user_is_out_at_once(admin: Client, home: Home) -> None:
    """With the next click; unlocked, they sign in as before."""
    home.user.give([Role.NURSE], home.organisation)
    nurse = Client()
    nurse.force_login(home.user)
    assert nurse.get("/help/").status_code == 200
    admin.post(f"/users/{home.user.pk}/lock/")
    assert nurse.get("/help/").status_code == 302
    assert not Client().login(username=home.user.username, password=PASSWORD)
    admin.post(f"/users/{home.user.pk}/lock/")
    assert Client().login(username=home.user.username, password=PASSWORD)


@pytest.mark.requirement("V8")
def test_who_has_left_has_nothing_left(admin: Client, home: Home) -> None:
    """No role and no password; the name stays, and a reactivated user starts without a role."""
    home.user.give([Role.NURSE], home.organisation)
    admin.post(f"/users/{home.user.pk}/deactivate/")
    gone = User.objects.get(pk=home.user.pk)
    assert (gone.is_active, gone.has_usable_password(), gone.grants.count()) == (False, False, 0)
    assert str(gone) not in admin.get("/users/").content.decode()
    assert str(gone) in admin.get("/users/?former").content.decode()
    admin.post(f"/users/{home.user.pk}/deactivate/")
    assert User.objects.get(pk=home.user.pk).state == "invited"


def test_a_role_withdrawn_ends_a_session_in_mid_work(admin: Client, home: Home) -> None:
    """The next click is refused."""
    home.user.give([Role.NURSE], home.organisation)
    nurse = Client()
    nurse.force_login(home.user)
    assert nurse.get("/help/").status_code == 200
    grant = home.user.grants.get()
    admin.post(f"/users/{home.user.pk}/roles/{grant.pk}/withdraw/")
    assert nurse.get("/help/").status_code == 403


def test_the_last_administrator_stays(admin: Client, home: Home) -> None:
    """Nobody locks themself out, and the last role that manages users cannot be taken away."""
    grant = Grant.objects.get(user=admin.session["_auth_user_id"])
    answer = admin.post(f"/users/{grant.user_id}/roles/{grant.pk}/withdraw/", follow=True)
    assert "Nobody would be left" in answer.content.decode()
    for way in ("lock", "deactivate"):
        answer = admin.post(f"/users/{grant.user_id}/{way}/", follow=True)
        assert "cannot lock yourself" in answer.content.decode()
    assert Grant.objects.filter(pk=grant.pk, user__is_active=True).exists()


def test_a_locked_administrator_does_not_count(admin: Client, home: Home) -> None:
    """With two, one may go; with the other locked, or only managing below, none may."""
    grant = Grant.objects.get(user=admin.session["_auth_user_id"])
    second = make_user(home.organisation, roles=[Role.ADMINISTRATOR])
    User.objects.filter(pk=second.pk).update(is_active=False)
    make_user(make_home("Alla", parent=home.organisation).organisation, roles=[Role.ADMINISTRATOR])
    where = f"/users/{grant.user_id}/roles/{grant.pk}/withdraw/"
    admin.post(where)
    assert Grant.objects.filter(pk=grant.pk).exists()
    User.objects.filter(pk=second.pk).update(is_active=True)
    admin.post(where)
    assert not Grant.objects.filter(pk=grant.pk).exists()


def test_a_role_is_given_here_and_below_only(admin: Client, home: Home, foreign: Home) -> None:
    """In another organisation there is no such choice; a role is given once."""
    where = f"/users/{home.user.pk}/roles/"
    admin.post(where, {"role": "auditor", "organisation": home.organisation.pk})
    admin.post(where, {"role": "nurse", "organisation": foreign.organisation.pk})
    again = admin.post(where, {"role": "auditor", "organisation": home.organisation.pk})
    assert "given already" in again.content.decode()
    assert [grant.role for grant in home.user.grants.all()] == [Role.AUDITOR]


@pytest.mark.requirement("V27")
def test_nobody_below_changes_an_account_that_reaches_above(client: Client, home: Home) -> None:
    """A new password for it would open what lies above; its roles below may end."""
    below = make_home("Alla", parent=home.organisation)
    chief = make_user(below.organisation, "Chief", roles=[Role.NURSE])
    chief.give([Role.ADMINISTRATOR], home.organisation)
    client.force_login(make_user(below.organisation, roles=[Role.ADMINISTRATOR]))
    assert "roles outside your organisations" in client.get(f"/users/{chief.pk}/").content.decode()
    for way in ("", "link/", "lock/", "deactivate/"):
        assert client.post(f"/users/{chief.pk}/{way}", KAISA).status_code == 403
    grant = chief.grants.get(role=Role.NURSE)
    client.post(f"/users/{chief.pk}/roles/{grant.pk}/withdraw/")
    above = chief.grants.get()
    assert client.post(f"/users/{chief.pk}/roles/{above.pk}/withdraw/").status_code == 404
    assert User.objects.get(pk=chief.pk).first_name == "Chief"


def test_the_list_is_searched(admin: Client, home: Home) -> None:
    """By name, address and organisation."""
    invite(admin, home)
    for words in ("kaisa", "uusi kaisa", "example.org", "lehmus"):
        assert "Kaisa Uusi" in admin.get("/users/", {"q": words}).content.decode()
    assert "Nobody has that name" in admin.get("/users/", {"q": "zzz"}).content.decode()


@pytest.mark.requirement("V27")
def test_an_organisation_is_added_renamed_and_moved(admin: Client, home: Home) -> None:
    """What is below moves along, and a user above sees it where it is then."""
    for name in ("North", "South"):
        admin.post("/organisations/new/", {"name": name, "above": home.organisation.pk})
    north, south = Organisation.objects.get(name="North"), Organisation.objects.get(name="South")
    deep = make_home("Deep", parent=north)
    admin.post(f"/organisations/{north.pk}/", {"name": "North wing", "above": south.pk})
    deep.organisation.refresh_from_db()
    assert deep.organisation.line == [home.organisation.pk, south.pk, north.pk, deep.organisation.pk]
    assert Organisation.objects.get(pk=north.pk).name == "North wing"
    page = admin.get("/organisations/").content.decode()
    assert 'data-level="2"' in page


@pytest.mark.requirement("V27")
def test_the_tree_stays_a_tree(admin: Client, home: Home, foreign: Home) -> None:
    """Nothing stands below itself, below a foreign one, or twice by one name; the top stays where it is."""
    below = make_home("Alla", parent=home.organisation).organisation
    deeper = make_home("Syvä", parent=below).organisation
    for above in (below.pk, deeper.pk, foreign.organisation.pk):
        answer = admin.post(f"/organisations/{below.pk}/", {"name": "x", "above": above})
        assert answer.status_code == 200
    admin.post(f"/organisations/{home.organisation.pk}/", {"name": "Top", "above": deeper.pk})
    home.organisation.refresh_from_db()
    assert (home.organisation.name, home.organisation.parent) == ("Top", None)
    twice = admin.post("/organisations/new/", {"name": "ALLA HOME", "above": home.organisation.pk})
    assert "of this name already" in twice.content.decode()
    below.refresh_from_db()
    assert below.name == "Alla home"


@pytest.mark.requirement("V27")
def test_a_tree_too_deep_is_refused(admin: Client, home: Home) -> None:
    """Ten levels at most, however they come about."""
    place = home.organisation
    for level in range(2, 12):
        admin.post("/organisations/new/", {"name": f"Level {level}", "above": place.pk})
        place = Organisation.objects.filter(parent=place).first() or place
    assert len(place.line) == 10


def test_an_invitation_says_when_it_was_made(admin: Client, home: Home) -> None:
    """The page of somebody who has not come yet says so."""
    kaisa = invite(admin, home)
    page = admin.get(f"/users/{kaisa.pk}/", follow=True).content.decode()
    assert "has not chosen a password yet" in page
    assert kaisa.link_made_at
    assert timezone.now() - kaisa.link_made_at < timedelta(minutes=1)
