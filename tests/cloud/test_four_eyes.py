"""What one person proposes and another confirms (K14), and the matrix of forced calls (V12)."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from cloud.audit.models import Change
from cloud.help.models import Partner
from cloud.organisations.roles import Role
from cloud.people import forced_calls
from cloud.people.models import CareSettings, Contact, Relation
from cloud.people.signals import resident_changed
from cloud.proposals.models import Proposal
from tests.cloud.homes import Home, confirm_as_another, make_home, make_user
from tests.cloud.test_care import HOURS, care

pytestmark = [pytest.mark.requirement("K14"), pytest.mark.django_db, pytest.mark.postgresql]

CONSENT = {"consent_by": "Aino Virtanen", "consent_on": "2026-01-02"}
ASKED = {**HOURS, **CONSENT, "forced_by_relatives": "on"}
MATRIX = "/residents/forced-calls/"


def settings(home: Home) -> CareSettings:
    """The resident's care settings as they are stored."""
    return CareSettings.objects.get(resident=home.resident)


def newest() -> Proposal:
    found = Proposal.objects.first()
    assert found
    return found


def policy(home: Home) -> dict[str, object]:
    """Return the newest policy on forced calls that the device was sent."""
    found: dict[str, object] = home.device.documents.get(name="policy").body["forced_calls"]
    return found


def consented(home: Home, **fields: object) -> None:
    """Consent is on file already."""
    CareSettings.objects.filter(resident=home.resident).update(
        consent_by="Aino", consent_on=date(2026, 1, 1), **fields
    )


@pytest.mark.requirement("V12")
def test_a_box_waits_for_a_second_person(desk: Client, home: Home) -> None:
    """The rest is saved; box and consent hold when somebody else has confirmed, down to the device."""
    answer = desk.post(care(home), {**ASKED, "monitored": "on"}, follow=True).content.decode()
    assert "waits for a second person" in answer
    assert "relatives may make forced calls: yes" in answer
    stored = settings(home)
    assert (stored.monitored, stored.forced_by_relatives, stored.consent_by) == (True, False, "")
    second = confirm_as_another(home)
    stored = settings(home)
    assert (stored.forced_by_relatives, stored.consent_by) == (True, "Aino Virtanen")
    assert policy(home)["by_relatives"] is True
    page = second.get("/proposals/").content.decode()
    assert "Nothing waits" in page
    assert "Lehmus Virtanen, relatives may make forced calls" in page


def test_nobody_confirms_their_own(desk: Client, home: Home) -> None:
    """Who proposed it can only withdraw it."""
    desk.post(care(home), ASKED)
    where = f"/proposals/{newest().pk}"
    answer = desk.post(f"{where}/confirm/", follow=True).content.decode()
    assert "Somebody else has to confirm" in answer
    assert not settings(home).forced_by_relatives
    desk.post(f"{where}/refuse/")
    assert newest().state == "withdrawn"


def test_a_refusal_changes_nothing_and_is_final(desk: Client, home: Home) -> None:
    """Nor can it be confirmed afterwards."""
    desk.post(care(home), ASKED)
    other = Client()
    other.force_login(make_user(home.organisation, roles=[Role.ADMINISTRATOR]))
    other.post(f"/proposals/{newest().pk}/refuse/")
    answer = other.post(f"/proposals/{newest().pk}/confirm/", follow=True).content.decode()
    assert "decided already" in answer
    assert (newest().state, settings(home).forced_by_relatives) == ("refused", False)


@pytest.mark.requirement("V12")
def test_what_takes_a_right_away_holds_at_once(desk: Client, home: Home) -> None:
    """Boxes, consent and numbers; beside it a wish may wait."""
    consented(home, forced_by_relatives=True, forced_by_professionals=True)
    desk.post(care(home), {**HOURS, "forced_most_per_day": "2", "forced_countdown_s": "5"})
    stored = settings(home)
    assert (stored.forced_by_relatives, stored.consent_by, stored.consent_on) == (False, "", None)
    assert (stored.forced_most_per_day, stored.forced_countdown_s) == (2, 10)
    assert newest().payload["residents"] == {str(home.resident.pk): {"forced_countdown_s": ["10", "5"]}}


@pytest.mark.parametrize(
    ("name", "before", "after", "gives"),
    [
        ("forced_by_relatives", False, True, True),
        ("forced_by_relatives", True, False, False),
        ("consent_by", "Aino", "", False),
        ("consent_by", "", "Aino", True),
        ("consent_on", date(2026, 1, 1), None, False),
        ("forced_from", "08:00", "07:00", True),
        ("forced_most_per_day", 4, 5, True),
        ("forced_most_per_day", 4, 0, False),
        ("forced_countdown_s", 10, 5, True),
        ("forced_countdown_s", 10, 20, False),
    ],
)
def test_what_gives_a_right(name: str, before: object, after: object, gives: bool) -> None:
    """More is proposed, less is done."""
    assert forced_calls.gives(name, before, after) is gives


def test_what_has_changed_meanwhile_is_not_confirmed(desk: Client, home: Home) -> None:
    """Neither settings that are others by now, nor a right of somebody who is off the list."""
    desk.post(care(home), {**HOURS, "forced_most_per_day": "6"})
    CareSettings.objects.filter(resident=home.resident).update(forced_most_per_day=1)
    desk.post(f"{MATRIX}", {"bulk": "1", "what": "callers-on"})
    Relation.objects.all().delete()
    confirm_as_another(home)
    assert settings(home).forced_most_per_day == 1
    assert {each.state for each in Proposal.objects.filter(subject__contains=":")} == {"open"}


def test_a_newer_wish_replaces_an_older_one(desk: Client, home: Home) -> None:
    """One waits about one thing."""
    for most in ("5", "6"):
        desk.post(care(home), {**HOURS, "forced_most_per_day": most})
    assert [each.state for each in Proposal.objects.filter(subject__startswith="resident:")] == [
        "open",
        "withdrawn",
    ]
    confirm_as_another(home)
    assert settings(home).forced_most_per_day == 6


def test_a_wish_nobody_decides_comes_to_nothing(desk: Client, home: Home) -> None:
    """It expires after two weeks."""
    desk.post(care(home), ASKED)
    Proposal.objects.update(proposed_at=timezone.now() - timedelta(days=15))
    confirm_as_another(home)
    desk.get("/proposals/")
    assert (newest().state, settings(home).forced_by_relatives) == ("expired", False)


def test_a_home_of_one_reads_that_nobody_can_confirm(client: Client, home: Home) -> None:
    """The page says that a second person is missing; with a second person it does not."""
    home.user.grants.all().delete()
    home.user.give([Role.TEAM_LEAD], home.organisation)
    client.force_login(home.user)
    client.post(care(home), ASKED)
    assert "Nobody else here may confirm" in client.get("/proposals/").content.decode()
    make_user(home.organisation, roles=[Role.ADMINISTRATOR])
    home.proposal.delete()
    page = client.get("/proposals/").content.decode()
    assert "Nobody else here may confirm" not in page
    assert "Take back" in page
    assert "/confirm/" not in page


@pytest.mark.requirement("V27")
def test_a_second_person_of_another_organisation_does_not_count(desk: Client, home: Home) -> None:
    """Not one beside, and not one below."""
    desk.post(care(home), ASKED)
    pk = newest().pk
    below = make_home("Alla", parent=home.organisation)
    stranger = make_home("Muu")
    for place in (below, stranger):
        other = Client()
        other.force_login(place.user)
        assert other.post(f"/proposals/{pk}/confirm/").status_code == 404


@pytest.mark.requirement("V17")
def test_anonymising_waits_for_a_second_person(desk: Client, home: Home) -> None:
    """Until then everything is as it was."""
    desk.post(f"/calls/links/{home.relation.pk}/anonymise/")
    assert Contact.objects.get(pk=home.contact.pk).first_name == "Lehmus"
    confirm_as_another(home)
    assert Contact.objects.get(pk=home.contact.pk).anonymised_at
    assert f"Former contact {home.contact.pk}" in desk.get("/proposals/").content.decode()


@pytest.mark.requirement("V12")
def test_the_right_of_a_relative_waits(desk: Client, home: Home) -> None:
    """The rest of what is set about them is saved."""
    contact = {"first_name": "Lehmus", "last_name": "Relative", "role": "relative", "presence": "away"}
    fields = {**contact, "words": "niece", "may_force_call": "on", "visible_to_resident": "on"}
    desk.post(f"/residents/{home.resident.pk}/people/{home.relation.pk}/", fields)
    relation = Relation.objects.get()
    assert (relation.words, relation.may_force_call) == ("niece", False)
    confirm_as_another(home)
    assert Relation.objects.get().may_force_call


@pytest.mark.requirement("V12")
def test_a_right_that_is_refused_is_not_said_to_wait(desk: Client, home: Home) -> None:
    """Where nothing could be saved, nothing is proposed either, and the page does not say so."""

    def refuse(**_signal: object) -> None:
        raise ValidationError("The device could not use this.")

    fields = {"first_name": "Lehmus", "last_name": "Relative", "role": "relative", "presence": "away"}
    where = f"/residents/{home.resident.pk}/people/{home.relation.pk}/"
    resident_changed.connect(refuse)
    try:
        answer = desk.post(where, {**fields, "may_force_call": "on", "visible_to_resident": "on"})
    finally:
        resident_changed.disconnect(refuse)
    assert "could not use this" in answer.content.decode()
    assert "waits for a second person" not in answer.content.decode()
    assert not Proposal.objects.filter(subject__startswith="relation:").exists()


@pytest.mark.requirement("V12")
def test_the_matrix_changes_many_at_once(desk: Client, home: Home) -> None:
    """What is taken holds at once, what is given waits; where there is no consent it is left out."""
    below = make_home("Alla", parent=home.organisation)
    without = make_home("Ilman", parent=home.organisation)
    consented(home, forced_by_professionals=True)
    consented(below)
    fields = {
        "shown": [each.resident.pk for each in (home, below, without)],
        "caller-shown": [each.relation.pk for each in (home, below, without)],
        "relatives": [home.resident.pk, below.resident.pk, without.resident.pk],
        "callers": [home.relation.pk],
    }
    answer = desk.post(MATRIX, fields, follow=True).content.decode()
    assert "no consent on file: 1" in answer
    assert not settings(home).forced_by_professionals
    assert policy(home)["by_professionals"] is False
    assert not settings(home).forced_by_relatives
    confirm_as_another(home)
    confirm_as_another(below)
    assert (settings(home).forced_by_relatives, settings(below).forced_by_relatives) == (True, True)
    assert [each.may_force_call for each in (Relation.objects.get(pk=home.relation.pk),)] == [True]
    assert not Relation.objects.get(pk=below.relation.pk).may_force_call


@pytest.mark.requirement("V12")
def test_the_matrix_changes_only_what_it_showed(desk: Client, home: Home, foreign: Home) -> None:
    """A resident of another page, or of another organisation, stays as they are."""
    for place in (home, foreign):
        consented(place, forced_by_relatives=True)
    desk.post(MATRIX, {"shown": [foreign.resident.pk]})
    assert (settings(home).forced_by_relatives, settings(foreign).forced_by_relatives) == (True, True)
    desk.post(f"{MATRIX}?q=nobody", {"bulk": "1", "what": "relatives-off"})
    assert settings(home).forced_by_relatives
    desk.post(f"{MATRIX}?q=lehmus", {"bulk": "1", "what": "relatives-off"})
    assert (settings(home).forced_by_relatives, settings(foreign).forced_by_relatives) == (False, True)


@pytest.mark.requirement("K20")
def test_both_are_in_the_record(desk: Client, home: Home) -> None:
    """Who proposed, who confirmed, and what was changed by it."""
    desk.post(care(home), ASKED)
    confirm_as_another(home)
    entries = Change.objects.filter(kind="proposals.proposal").exclude(row=home.proposal.pk)
    assert [(str(each.by), each.act) for each in entries] == [("Second", "changed"), ("Lehmusnurse", "added")]
    made = Change.objects.get(kind="people.caresettings", by__first_name="Second")
    assert made.changes["forced_by_relatives"] == [False, True]
    assert made.resident == home.resident


PARTNER = {"name": "Turva", "email": "a@example.org", "webhook_url": "https://turva.example/alarms"}


@pytest.mark.requirement("S1")
def test_the_secret_of_the_partner_waits(desk: Client, home: Home) -> None:
    """It is in no page and no record meanwhile, and is gone from the proposal afterwards."""
    fields = {**PARTNER, "webhook_secret": "sixteen letters!", "after_s": "60", "again_min": "5"}
    answer = desk.post(f"/help/partner/{home.organisation.pk}/", fields, follow=True).content.decode()
    assert "second person" in answer
    assert Partner.objects.get(organisation=home.organisation).name == "Lehmus partner"
    second = confirm_as_another(home)
    partner = Partner.objects.get(organisation=home.organisation)
    assert (partner.name, partner.webhook_secret, partner.after_s) == ("Turva", "sixteen letters!", 60)
    assert "sixteen" not in str(Proposal.objects.values_list("payload", flat=True))
    assert "sixteen" not in str(Change.objects.values_list("changes", flat=True))
    assert "sixteen" not in second.get("/proposals/").content.decode()
