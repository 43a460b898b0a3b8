"""Who changed what, from what to what (K20)."""

import csv
import io
import json
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cloud.audit import recorder
from cloud.audit.actor import Actor, acting
from cloud.audit.models import Change
from cloud.audit.retention import forget_old
from cloud.audit.values import HIDDEN, is_secret
from cloud.desk.audited import NOT_RECORDED, WITHOUT, ours
from cloud.help.models import Partner
from cloud.organisations.roles import Role
from cloud.people.models import CareSettings, Contact, EscalationContact, Relation
from cloud.queue.models import Agent
from tests.cloud.homes import Home, confirm_as_another, make_home, make_user

pytestmark = [pytest.mark.requirement("K20"), pytest.mark.django_db, pytest.mark.postgresql]


def last(kind: str) -> Change:
    """The newest entry of this kind."""
    found = Change.objects.filter(kind=kind).first()
    assert found, kind
    return found


def page(client: Client, **asked: str | int) -> str:
    """Return the page of changes."""
    return client.get("/changes/", asked).content.decode()


@pytest.fixture
def auditor(home: Home) -> Client:
    """Somebody who may do nothing but read."""
    client = Client()
    client.force_login(make_user(home.organisation, "Olli", roles=[Role.AUDITOR]))
    return client


def test_a_form_that_is_saved_is_recorded(desk: Client, home: Home, auditor: Client) -> None:
    """Author, person concerned, and the one field that differs; saved again as it is, it is no change."""
    where = f"/residents/{home.resident.pk}/"
    fields = {"first_name": "Aino", "last_name": "Virtanen", "organisation": home.organisation.pk}
    desk.post(where, fields)
    change = last("people.resident")
    assert change.changes == {"first_name": ["Lehmus", "Aino"]}
    assert (change.by, change.act, change.resident) == (home.user, "changed", home.resident)
    assert (change.organisation, change.way) == (home.organisation, "desk")
    desk.post(where, fields)
    assert Change.objects.filter(kind="people.resident").count() == 1
    text = page(auditor)
    assert "Lehmusnurse" in text
    assert "Aino Virtanen" in text


def test_a_row_added_and_removed_is_recorded(desk: Client, home: Home) -> None:
    """With all that it held; what is empty is left out."""
    fields = {"name": "Mikko", "office_phone": "040 123 4567", "email": "", "other_phone": ""}
    desk.post(f"/residents/{home.resident.pk}/care/escalation/new/", fields)
    added = last("people.escalationcontact")
    assert added.changes["name"] == [None, "Mikko"]
    assert added.changes["office_phone"] == [None, "+358401234567"]
    assert "email" not in added.changes
    desk.post(f"/residents/{home.resident.pk}/care/escalation/{added.row}/remove/")
    removed = last("people.escalationcontact")
    assert (removed.act, removed.resident) == ("removed", home.resident)
    assert removed.changes["name"] == ["Mikko", None]


def test_changes_without_a_signal_are_recorded_too(home: Home) -> None:
    """Rows that are changed, added and joined many at once, outside any form."""
    with acting(lambda: Actor("desk", home.user.pk)):
        CareSettings.objects.filter(resident=home.resident).update(monitored=True)
        EscalationContact.objects.bulk_create(
            EscalationContact(resident=home.resident, name=name, office_phone="+358401234567")
            for name in ("A", "B")
        )
        home.meeting.invited.clear()
    assert last("people.caresettings").changes == {"monitored": [False, True]}
    names = [each.changes["name"] for each in Change.objects.filter(kind="people.escalationcontact")]
    assert names == [[None, "B"], [None, "A"]]
    gone, now = last("cafe.meeting").changes["invited"]
    assert (gone, now) == ([{"model": "people.resident", "pk": home.resident.pk}], [])


def test_what_the_desk_does_by_itself_is_no_entry(home: Home) -> None:
    """Nobody is at work there."""
    home.resident.first_name = "Other"
    home.resident.save()
    assert not Change.objects.exists()


def test_the_command_line_is_recorded(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """As what it is: nobody who has signed in."""
    monkeypatch.setattr("sys.stdin", io.StringIO("Sininen kuppi 77?\n"))
    with acting(lambda: Actor("command")):
        call_command("add_user", "new", first_name="New", organisation=home.organisation.name)
    change = last("organisations.user")
    assert (change.way, change.by, change.organisation) == ("command", None, home.organisation)


def test_secrets_are_never_in_it(desk: Client, home: Home) -> None:
    """Only that they were changed: a password, the partner's secret, and whatever is called like one."""
    fields = {"name": "P", "email": "p@example.org", "webhook_url": "https://example.org/alarms"}
    extra = {"webhook_secret": "sixteen characters", "after_s": 60, "again_min": 5}
    desk.post(f"/help/partner/{home.organisation.pk}/", fields | extra)
    confirm_as_another(home)
    assert Partner.objects.get(organisation=home.organisation).webhook_secret == "sixteen characters"
    with acting(lambda: Actor("desk", home.user.pk)):
        home.user.set_password("Sininen kuppi 77?")
        home.user.save()
    assert last("help.partner").changes["webhook_secret"] == ["", HIDDEN]
    assert last("organisations.user").changes == {"password": [HIDDEN, HIDDEN]}
    everything = json.dumps(list(Change.objects.values_list("changes", flat=True)))
    assert "sixteen" not in everything
    assert home.user.password not in everything
    assert "sixteen" not in page(desk)


def test_every_secret_of_every_table_is_known_as_one() -> None:
    """A column whose name sounds like a secret is hidden, wherever it comes to stand."""
    hidden = {
        f"{model._meta.label_lower}.{field.name}"
        for model in recorder.watched()
        for field in model._meta.concrete_fields
        if is_secret(field)
    }
    assert hidden >= {
        "organisations.user.password", "help.partner.webhook_secret", "calls.personallink.secret_sha256",
        "partner.safewords.sealed", "devices.claim.code_digest", "calendar.calendarfeed.secret_sha256",
        "delivery.channelsettings.values",
    }  # fmt: skip


def test_every_table_is_recorded_or_named() -> None:
    """What is left out is left out by name, and no name is left over."""
    labels = {model._meta.label_lower for model in ours()}
    assert labels >= NOT_RECORDED
    assert {model._meta.label_lower for model in recorder.watched()} == labels - NOT_RECORDED
    for label, names in WITHOUT.items():
        assert names <= {field.name for field in apps.get_model(label)._meta.get_fields()}


def test_it_is_only_added_to(desk: Client, home: Home) -> None:
    """Nothing that stands is changed or deleted, one by one or many at once."""
    desk.post(f"/residents/{home.resident.pk}/people/{home.relation.pk}/lock/")
    change = last("people.contact")
    for attempt in (
        change.save,
        change.delete,
        Change.objects.all().delete,
        lambda: Change.objects.update(way="command"),
    ):
        with pytest.raises(TypeError, match="only added to"):
            attempt()
    assert last("people.contact").changes == {"locked": [False, True]}


@pytest.mark.requirement("V17")
def test_names_go_with_the_person(desk: Client, home: Home, auditor: Client) -> None:
    """Anonymised, somebody is a number in every entry; that and when things were changed stays."""
    relation = f"/residents/{home.resident.pk}/people/{home.relation.pk}/"
    fields = {"first_name": "Leena", "last_name": "Salo", "role": "relative", "presence": "away"}
    desk.post(relation, {**fields, "phone": "040 765 4321", "words": "tytär Leena"})
    assert "Leena" in page(auditor)
    before = Change.objects.count()
    desk.post(f"/calls/links/{home.relation.pk}/anonymise/")
    confirm_as_another(home)
    assert Contact.objects.get(pk=home.contact.pk).anonymised_at
    everything = json.dumps(list(Change.objects.values_list("changes", flat=True)), ensure_ascii=False)
    assert "Leena" not in everything
    assert "Lehmus" not in everything
    assert "+358407654321" not in everything
    text = page(auditor)
    assert "Leena" not in text
    assert f"Former contact {home.contact.pk}" in text
    assert Change.objects.count() > before


@pytest.mark.requirement("V27")
def test_each_sees_the_changes_of_own_organisations(home: Home, foreign: Home, auditor: Client) -> None:
    """Of those below as well, of others not; also in the table."""
    below = make_home("Alla", parent=home.organisation)
    for place in (below, foreign):
        client = Client()
        client.force_login(place.user)
        client.post(f"/residents/{place.resident.pk}/people/{place.relation.pk}/lock/")
    for text in (page(auditor), auditor.get("/changes/export.csv").content.decode()):
        assert "Alla Relative" in text
        assert foreign.mark not in text


def test_it_is_searched(desk: Client, home: Home, auditor: Client) -> None:
    """By author, by the person concerned, by words before and after, by kind and by day."""
    fields = {"first_name": "Äijö", "last_name": "Virtanen", "organisation": home.organisation.pk}
    desk.post(f"/residents/{home.resident.pk}/", fields)
    desk.post(f"/residents/{home.resident.pk}/people/{home.relation.pk}/lock/")
    for words in ("lehmusnurse", "Äijö virtanen"):
        assert "Äijö Virtanen" in page(auditor, q=words)
    assert "Äijö Virtanen" in page(auditor, resident=home.resident.pk)
    assert "Äijö" not in page(auditor, kind="people.contact").split("</form>")[-1]
    assert "Nothing was changed" in page(auditor, q="nobody of this name")
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    assert "Nothing was changed" in page(auditor, since=tomorrow)
    assert "Nothing was changed" in page(auditor, since="no day")


def test_the_table_is_safe_for_spreadsheets(desk: Client, home: Home, auditor: Client) -> None:
    """A line for each field; what a spreadsheet would compute is text."""
    fields = {"first_name": "=1+1", "last_name": "Virtanen", "organisation": home.organisation.pk}
    desk.post(f"/residents/{home.resident.pk}/", fields)
    text = auditor.get("/changes/export.csv").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(row["Who"], row["Field"], row["Before"], row["After"]) for row in rows] == [
        ("Lehmusnurse", "first name", "Lehmus", "'=1+1")
    ]


def test_what_is_too_old_is_forgotten(desk: Client, home: Home, settings: Any) -> None:
    """After the years that the desk's settings name."""
    desk.post(f"/residents/{home.resident.pk}/people/{home.relation.pk}/lock/")
    assert forget_old() == 0
    settings.AUDIT_DAYS = -1
    assert forget_old() == 1
    assert not Change.objects.exists()


def test_a_page_that_changes_nothing_records_nothing(desk: Client, home: Home) -> None:
    """Looking, signing in, and taking a request for help are in records of their own."""
    desk.get("/residents/")
    desk.post(f"/help/{home.help.pk}/take/")
    assert not Change.objects.exists()


def test_rows_removed_together_are_recorded_each(home: Home) -> None:
    """Rows that go many at once are recorded one by one."""
    with acting(lambda: Actor("desk", home.user.pk)):
        Relation.objects.filter(resident=home.resident).delete()
    removed = last("people.relation")
    assert removed.changes["words"] == ["Lehmus daughter", None]
    assert (removed.resident, removed.contact) == (home.resident, home.contact)


def test_what_is_not_recorded_is_one_statement(home: Home) -> None:
    """A page's sign of life reads nothing before and after, and opens no transaction."""
    agent = Agent.objects.create(user=home.user, display_name="Anna", is_signed_in=True)
    with acting(lambda: Actor("desk", home.user.pk)), CaptureQueriesContext(connection) as queries:
        Agent.objects.filter(pk=agent.pk).update(seen_at=timezone.now())
    assert len(queries) == 1
    with acting(lambda: Actor("desk", home.user.pk)), CaptureQueriesContext(connection) as queries:
        Agent.objects.filter(pk=agent.pk).update(display_name="Anna")
    assert not any("audit" in each["sql"] for each in queries)
