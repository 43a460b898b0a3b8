"""Relatives apply by a registration link, and are let in or refused by somebody at the desk (V18-V20)."""

import re
from collections.abc import Callable
from copy import copy
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cloud.calls import links
from cloud.delivery.models import Delivery
from cloud.family import applying, recovery, watch
from cloud.family.models import Application, RegistrationLink, RelativesSettings
from cloud.organisations.models import Organisation
from cloud.organisations.roles import Role
from cloud.people.models import Contact, Relation
from cloud.proposals.models import Proposal
from tests.cloud.homes import Home, make_home, make_user
from tests.cloud.mail_channel import post_mail
from tests.cloud.test_page_queries import MOST_QUERIES

pytestmark = pytest.mark.django_db
LEENA = {
    "first_name": "Leena", "last_name": "Virtanen", "email": "leena@example.org", "phone": "040 123 4567",
    "resident_name": "Lehmus Virtanen", "relation": "daughter", "consent": "on",
}  # fmt: skip


@pytest.fixture
def link(home: Home) -> RegistrationLink:
    """By which relatives of the home apply."""
    return applying.make_link(home.organisation, timedelta(days=90), home.user)


@pytest.fixture
def posted(settings: Any) -> Callable[[], list[Any]]:
    """Carries the mail that is due; all that went out so far."""
    settings.DESK_ADDRESS = "https://desk.example.org"

    def post() -> list[Any]:
        post_mail()
        return list(mail.outbox)

    return post


def received() -> list[Application]:
    """What has come in by the form."""
    return list(Application.objects.exclude(reason="unknown").order_by("pk"))


def latest() -> Application:
    """The one that came in."""
    (application,) = received()
    return application


def apply(link: RegistrationLink, client: Client | None = None, **fields: Any) -> Any:
    """Somebody fills in the form, and sends it."""
    client = client or Client(headers={"accept-language": "en"})
    return client.post(f"/call/join/apply/{link.token}/", LEENA | fields)


def address_in(text: str) -> str:
    """The link in a letter, as its secret."""
    found = re.search(r"https://desk\.example\.org/call/#(\S+)", text)
    assert found
    return found[1]


@pytest.mark.requirement("V18")
def test_from_the_form_to_the_link(
    desk: Client, home: Home, link: RegistrationLink, posted: Callable[[], list[Any]]
) -> None:
    """Nothing before the approval; then a contact on the list, and a letter whose link opens the door."""
    before = Contact.objects.count()
    assert apply(link).url == "/call/join/thanks/"
    application = latest()
    assert (Contact.objects.count(), application.phone) == (before, "+358401234567")
    page = desk.get(f"/relatives/applications/{application.pk}/").content.decode()
    assert f'name="resident" value="{home.resident.pk}"' in page
    where = f"/relatives/applications/{application.pk}/approve/"
    assert "Choose at least one resident" in desk.post(where, {"view": "both"}).content.decode()
    chosen = {"resident": [home.resident.pk], "view": "both", "words": "daughter"}
    assert desk.post(where, chosen).status_code == 302
    relation = Relation.objects.get(contact__first_name="Leena")
    assert (relation.resident, relation.visible_to_resident, relation.may_force_call) == (
        home.resident, True, False,
    )  # fmt: skip
    (letter,) = posted()
    assert letter.to == ["leena@example.org"]
    found = links.find(address_in(letter.body))
    assert found
    assert found.contact == relation.contact
    assert desk.post(where, chosen).status_code == 302
    assert Contact.objects.filter(first_name="Leena").count() == 1


@pytest.mark.requirement("V14")
@pytest.mark.parametrize(("view", "seen", "proposals"), [("one-way", False, 0), ("forced", True, 1)])
def test_the_view_decides_who_is_seen(
    desk: Client, home: Home, link: RegistrationLink, view: str, *, seen: bool, proposals: int
) -> None:
    """The relative may call without being seen, or may also look in once a second person has confirmed it."""
    apply(link)
    chosen = {"resident": [home.resident.pk], "view": view}
    desk.post(f"/relatives/applications/{latest().pk}/approve/", chosen)
    relation = Relation.objects.get(contact__first_name="Leena")
    assert (relation.visible_to_resident, relation.may_force_call) == (seen, False)
    assert Proposal.objects.filter(subject=f"relation:{relation.pk}").count() == proposals


@pytest.mark.requirement("V18")
def test_a_refusal_says_why(desk: Client, link: RegistrationLink, posted: Callable[[], list[Any]]) -> None:
    """In the language of the form; nobody is let in."""
    apply(link, Client(headers={"accept-language": "sv"}))
    where = f"/relatives/applications/{latest().pk}/refuse/"
    assert desk.post(where, {"reason": ""}).status_code == 200
    assert desk.post(where, {"reason": "Aino does not want this."}).status_code == 302
    (letter,) = posted()
    assert "Orsak: Aino does not want this." in letter.body
    assert not Contact.objects.filter(first_name="Leena").exists()


@pytest.mark.requirement("V15")
def test_somebody_who_is_known_is_not_made_twice(desk: Client, home: Home, link: RegistrationLink) -> None:
    """The desk sees who has the same address, and may say that it is them."""
    Contact.objects.filter(pk=home.contact.pk).update(email="LEENA@example.org")
    Relation.objects.all().delete()
    apply(link)
    chosen = {"resident": [home.resident.pk], "view": "both", "contact": home.contact.pk}
    desk.post(f"/relatives/applications/{latest().pk}/approve/", chosen)
    assert Relation.objects.get().contact == home.contact
    assert Contact.objects.count() == 1


@pytest.mark.requirement("V27")
def test_residents_of_others_cannot_be_chosen(
    desk: Client, home: Home, foreign: Home, link: RegistrationLink
) -> None:
    """Nor are they offered; nor is a number chosen that nobody has."""
    apply(link, resident_name="Virtanen")
    where = f"/relatives/applications/{latest().pk}/"
    assert f'value="{foreign.resident.pk}"' not in desk.get(where).content.decode()
    for chosen in (foreign.resident.pk, "9" * 30):
        answer = desk.post(f"{where}approve/", {"resident": [chosen], "view": "both"})
        assert "Choose at least one resident" in answer.content.decode()


@pytest.mark.parametrize("how", ["revoked", "expired", "renewed", "unknown"])
def test_a_link_that_is_over_takes_nothing(home: Home, link: RegistrationLink, how: str) -> None:
    """Whatever its end was, the answer is the same."""
    if how == "revoked":
        RegistrationLink.objects.update(revoked_at=timezone.now())
    elif how == "expired":
        RegistrationLink.objects.update(expires_at=timezone.now())
    elif how == "renewed":
        applying.make_link(home.organisation, timedelta(days=1), home.user)
    else:
        link.token = "unknown"
    assert apply(link).status_code == 404
    assert not received()


@pytest.mark.requirement("V19")
def test_the_notice_goes_to_the_nearest_address_and_not_for_each(
    home: Home, posted: Callable[[], list[Any]], settings: Any
) -> None:
    """The organisation's own address, or that of the one above; ten families make one letter."""
    below = make_home("Alla", parent=home.organisation)
    RelativesSettings.objects.create(organisation=home.organisation, notice_email="team@example.org")
    inner = applying.make_link(below.organisation, timedelta(days=1), home.user)
    for number in range(5):
        apply(inner, email=f"relative{number}@example.org")
    letters = posted()
    assert len(letters) in {1, 2}  # Two, where ten minutes have just ended.
    assert letters[0].to == ["team@example.org"]
    assert "/relatives/applications/" in letters[0].body


def test_a_flood_drowns_nobody(home: Home, link: RegistrationLink, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten an hour from one address and a hundred in total; the others are asked to come back later."""
    statuses = [apply(link, email=f"a{number}@example.org").status_code for number in range(30)]
    assert (statuses.count(302), statuses.count(429)) == (10, 20)
    for number in range(95):
        client = Client(REMOTE_ADDR=f"192.0.2.{number % 250}")
        apply(link, client, email=f"b{number}@example.org")
    assert len(received()) == applying.MOST_IN_WINDOW


@pytest.mark.requirement("V19")
def test_ten_thousand_in_an_hour_are_a_short_page_and_one_letter(
    home: Home, desk: Client, link: RegistrationLink, posted: Callable[[], list[Any]]
) -> None:
    """A hundred houses that are full take no more; the one above them has one letter and a page of fifty."""
    now = timezone.now()
    RelativesSettings.objects.create(organisation=home.organisation, notice_email="team@example.org")
    houses = [Organisation(name=f"House {at}", parent=home.organisation) for at in range(100)]
    for house in houses:
        house.save()
    waiting = Application(
        first_name="Leena", last_name="Virtanen", email="leena@example.org", resident_name="Aino",
        relation="daughter", language="fi", sent_from="elsewhere", made_at=now, consented_at=now,
    )  # fmt: skip
    rows = [copy(waiting) for _ in range(10_000)]
    for at, row in enumerate(rows):
        row.organisation = houses[at % 100]
    Application._base_manager.bulk_create(rows)
    for house in (houses[0], houses[99]):
        full = applying.make_link(house, timedelta(days=1), home.user)
        assert apply(full, email="late@example.org").status_code == 429
    free = Organisation(name="House 100", parent=home.organisation)
    free.save()
    for at, into in enumerate((link, applying.make_link(free, timedelta(days=1), home.user))):
        assert apply(into, email=f"welcome{at}@example.org").status_code == 302
    letters = posted()
    assert len(letters) in {1, 2}  # Two, where ten minutes have just ended.
    assert home.organisation.name in letters[0].subject
    with CaptureQueriesContext(connection) as queries:
        page = desk.get("/relatives/applications/").content.decode()
    assert len(queries) <= MOST_QUERIES
    assert page.count("/relatives/applications/") < 60
    assert len(page) < 60 * 1024
    assert ">10002<" in desk.get("/relatives/count/").content.decode()


@pytest.mark.parametrize(
    "fields",
    [
        {"consent": ""}, {"first_name": ""}, {"email": "no address"}, {"phone": "call me"},
        {"first_name": "x" * 300}, {"resident_name": ""}, {"relation": ""}, {"last_name": "a\0b"},
    ],
)  # fmt: skip
def test_what_is_missing_is_said(link: RegistrationLink, fields: dict[str, Any]) -> None:
    """In the form, beside what was written; without consent nothing is stored."""
    answer = apply(link, **fields)
    assert answer.status_code == 200
    assert "leena@example.org" in answer.content.decode() or "email" in fields
    assert not received()


@pytest.mark.requirement("V20")
def test_a_code_is_asked_for_where_that_is_set(
    desk: Client, home: Home, link: RegistrationLink, posted: Callable[[], list[Any]]
) -> None:
    """The desk sees the application once the code is right; five wrong ones end it."""
    RelativesSettings.objects.create(organisation=home.organisation, asks_code=True)
    client = Client(headers={"accept-language": "en"})
    for is_guessed in (False, True):
        mail.outbox.clear()
        where = apply(link, client).url
        assert where.startswith("/call/join/code/")
        waiting = Application.objects.latest("pk")
        assert desk.get(f"/relatives/applications/{waiting.pk}/").status_code == 404
        (letter,) = posted()
        code = re.search(r"\d{6}", letter.body)
        assert code
        wrong = f"{(int(code[0]) + 1) % 1_000_000:06}"
        for _ in range(5 if is_guessed else 1):
            assert "not the code" in client.post(where, {"code": wrong}).content.decode()
        client.post(where, {"code": code[0]})
        waiting.refresh_from_db()
        assert waiting.state == ("unconfirmed" if is_guessed else "waiting")


def test_what_was_decided_is_forgotten_after_a_month(desk: Client, link: RegistrationLink) -> None:
    """And where it came from at once."""
    apply(link)
    desk.post(f"/relatives/applications/{latest().pk}/refuse/", {"reason": "No."})
    assert latest().sent_from == ""
    watch.forget(timezone.now() + timedelta(days=29))
    assert received()
    watch.forget(timezone.now() + timedelta(days=31))
    assert not received()


def test_a_lost_link_comes_to_the_address_on_file(
    home: Home, posted: Callable[[], list[Any]], client: Client
) -> None:
    """The response reveals nothing: it is the same for an unknown address."""
    Contact.objects.filter(pk=home.contact.pk).update(email="leena@example.org")
    link, _ = links.make(home.contact, by=None, lifetime=timedelta(days=30))
    pages = []
    for address in ("Leena@example.org", "nobody@example.org"):
        page = client.post("/call/join/lost/", {"email": address}, headers={"accept-language": "en"})
        pages.append(re.sub(r'value="[^"]*"', "", page.content.decode()))
    assert pages[0] == pages[1]
    recovery.answer_due()
    recovery.answer_due()
    (letter,) = posted()
    assert letter.to == ["leena@example.org"]
    found = links.find(address_in(letter.body))
    assert found == link


def test_nobody_is_flooded_with_their_link(home: Home, client: Client) -> None:
    """Three an hour for one address; somebody locked gets none."""
    Contact.objects.filter(pk=home.contact.pk).update(email="leena@example.org")
    links.make(home.contact, by=None, lifetime=timedelta(days=30))
    for _ in range(8):
        assert client.post("/call/join/lost/", {"email": "leena@example.org"}).status_code == 200
    recovery.answer_due()
    assert Delivery.objects.filter(about="link").count() == 3
    Delivery.objects.filter(about="link").delete()
    Contact.objects.filter(pk=home.contact.pk).update(locked=True, email="other@example.org")
    client.post("/call/join/lost/", {"email": "other@example.org"}, REMOTE_ADDR="192.0.2.9")
    recovery.answer_due()
    assert not Delivery.objects.filter(about="link").exists()


def test_a_registration_link_is_made_renewed_and_printed(desk: Client, home: Home, settings: Any) -> None:
    """With a QR code; the one before it is over."""
    settings.DESK_ADDRESS = "https://desk.example.org"
    where = f"/relatives/registration/{home.organisation.pk}/"
    assert "there is no link" in desk.get(where).content.decode()
    for _ in range(2):
        assert desk.post(f"{where}renew/", {"days": "90"}).status_code == 302
    open_ = [each for each in RegistrationLink.objects.all() if each.is_open]
    assert len(open_) == 1
    page = desk.get(where).content.decode()
    assert f"https://desk.example.org/call/join/apply/{open_[0].token}/" in page
    assert 'src="data:image/svg+xml' in page


@pytest.mark.requirement("V19")
def test_the_menu_says_how_many_wait(link: RegistrationLink, home: Home) -> None:
    """For those who decide; others see no number."""
    apply(link)
    counts = {}
    for role in (Role.TEAM_LEAD, Role.NURSE):
        desk = Client()
        desk.force_login(make_user(home.organisation, roles=[role]))
        counts[role] = desk.get("/relatives/count/").content.decode()
    assert ">1<" in counts[Role.TEAM_LEAD]
    assert "hidden" in counts[Role.NURSE]
