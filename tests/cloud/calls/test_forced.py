"""The two logs of forced calls: chained, compared, never changed without being noticed (V13, K5)."""

from collections.abc import Callable
from datetime import UTC, datetime
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from msgspec.structs import replace

from cloud.calls import audit_chain, log_checks
from cloud.calls.models import Call, CallSettings, DeviceLogEntry, ForcedCallEntry, LogCheck
from cloud.calls.state import state
from cloud.devices.models import RejectedInput
from cloud.people.models import Contact, Relation
from device.contract.call_log import NOTHING_BEFORE, digest
from device.contract.events import CallAnswered, CallConnected, CallDeclined, CallEnded, CallLogged
from tests.cloud.calls.callers import ANSWER, Caller, allow_forced, newest, says
from tests.cloud.homes import Home

pytestmark = [pytest.mark.requirement("K5"), pytest.mark.requirement("V13")]


def logged(home: Home, number: int, previous: str = NOTHING_BEFORE, **fields: Any) -> CallLogged:
    """An entry of the device's log, as the device makes it."""
    entry = CallLogged(
        number=number,
        call_id=fields.pop("call_id", newest().pk if Call.objects.exists() else "c1"),
        contact_id=str(home.contact.pk),
        name="Lehmus Relative",
        reason="alarm",
        reason_text="No answer at the door",
        asked_at=datetime(2031, 1, 6, 12, tzinfo=UTC),
        outcome="desk",
        seconds=3.0,
        previous_sha256=previous,
        sha256=NOTHING_BEFORE,
    )
    return replace(entry, sha256=digest(entry), **fields)


class Counted:
    """The function itself, and how often it was asked."""

    def __init__(self, itself: Callable[[ForcedCallEntry], str]) -> None:
        self._itself, self.times = itself, 0

    def __call__(self, entry: ForcedCallEntry) -> str:
        self.times += 1
        return self._itself(entry)


def verified() -> str:
    out = StringIO()
    call_command("verify_forced_calls", stdout=out)
    return out.getvalue()


@pytest.fixture
def story(caller: Caller, home: Home) -> None:
    """One that was held, one that the resident refused, one that the desk refused."""
    allow_forced(home)
    held = caller.force(home)
    says(home.device, CallAnswered(call_id=held.pk, answer=ANSWER))
    says(home.device, CallConnected(call_id=held.pk))
    says(home.device, CallEnded(call_id=held.pk, why="resident", seconds=40))
    refused = caller.force(home, "welfare", "To see how she is")
    says(home.device, CallDeclined(call_id=refused.pk, why="refused"))
    allow_forced(home, forced_by_relatives=False)
    caller.force(home, "medicine", "The evening medicine")


def test_every_step_is_an_entry(story: None) -> None:
    """Asked and over, or refused by the desk; nothing of a name."""
    rows = ForcedCallEntry.objects.values_list("number", "what", "outcome", "seconds", "reason")
    assert list(rows) == [
        (1, "asked", "", 0.0, "alarm"),
        (2, "ended", "resident", 40.0, "alarm"),
        (3, "asked", "", 0.0, "welfare"),
        (4, "ended", "refused", 0.0, "welfare"),
        (5, "refused", "not-allowed", 0.0, "medicine"),
    ]
    assert "5 entries hold together" in verified()


@pytest.mark.parametrize(
    ("tamper", "said"),
    [
        (lambda rows: rows.filter(number=2).update(outcome="refused"), "entry 2: changed"),
        (lambda rows: rows.filter(number=3).update(reason_text="Another"), "entry 3: changed"),
        (lambda rows: type(rows).delete(rows.filter(number=2)), "entry 3: gap"),
        (lambda rows: type(rows).delete(rows.filter(number=5)), "is in no entry"),
        (lambda rows: rows.filter(number=4).update(previous_sha256="0" * 64), "entry 4: order"),
    ],
)
def test_what_is_changed_or_taken_out_is_noticed(story: None, desk: Client, tamper: Any, said: str) -> None:
    """By the command and on the page, with the place."""
    tamper(ForcedCallEntry.objects.all())
    with pytest.raises(CommandError) as failure:
        verified()
    assert said.replace("is in no entry", "unlogged") in str(failure.value)
    assert "nothing is missing or changed" not in desk.get("/calls/forced/").content.decode()


def test_a_page_checks_only_what_has_come_in_since_all_was_checked(
    story: None, home: Home, desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was changed before shows after the next complete check; a new entry is looked at each time."""
    log_checks.check_due()
    digests = Counted(audit_chain.digest_of)
    monkeypatch.setattr(audit_chain, "digest_of", digests)
    ForcedCallEntry.objects.filter(number=2).update(outcome="refused")
    assert "All entries were checked" in desk.get("/calls/forced/").content.decode()
    assert digests.times == 0
    audit_chain.note(Call.objects.filter(kind="forced")[0], ForcedCallEntry.What.ENDED)
    ForcedCallEntry.objects.filter(number=6).update(reason_text="Another")
    page = desk.get("/calls/forced/").content.decode()
    assert ("entry 6 was changed" in page, "entry 2 was changed" in page) == (True, False)
    log_checks.check_due()
    assert "entry 2 was changed" not in desk.get("/calls/forced/").content.decode()
    LogCheck.objects.update(at=timezone.now() - log_checks.EACH)
    log_checks.check_due()
    page = desk.get("/calls/forced/").content.decode()
    assert ("entry 6 was changed" in page, "entry 2 was changed" in page) == (True, True)


def test_a_page_checks_no_more_than_so_many(
    story: None, home: Home, desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no complete check has been made yet, it says that the rest comes."""
    monkeypatch.setattr(log_checks, "MOST_NEW", 2)
    digests = Counted(audit_chain.digest_of)
    monkeypatch.setattr(audit_chain, "digest_of", digests)
    assert "the rest is checked within the hour" in desk.get("/calls/forced/").content.decode()
    assert digests.times == 2


def test_nobody_changes_an_entry_by_mistake(story: None) -> None:
    """Saving a stored entry again, or deleting it, raises an error."""
    entry = ForcedCallEntry.objects.all()[0]
    for attempt in (entry.save, entry.delete):
        with pytest.raises(TypeError):
            attempt()


def test_the_devices_log_is_verified_as_it_comes_in(home: Home, desk: Client) -> None:
    """In order and right: nothing is said. Once only, however often it comes."""
    first = logged(home, 1)
    second = logged(home, 2, first.sha256)
    for entry in (first, second, second):
        says(home.device, entry)
    assert list(DeviceLogEntry.objects.values_list("number", "wrong")) == [(1, ""), (2, "")]
    assert "nothing is missing or changed" in desk.get("/calls/forced/").content.decode()


@pytest.mark.parametrize(
    ("spoil", "wrong"),
    [
        (lambda home, first: logged(home, 3, first.sha256), "gap"),
        (lambda home, first: logged(home, 2, "1" * 64), "order"),
        (lambda home, first: replace(logged(home, 2, first.sha256), outcome="refused"), "digest"),
        (lambda home, first: logged(home, 1, name="x", reason_text="Something else"), "digest"),
    ],
)
def test_a_device_whose_log_does_not_hold_is_shown_in_red(
    home: Home, desk: Client, spoil: Any, wrong: str
) -> None:
    """A gap, a wrong order, a wrong digest: kept, said on the page, and noted at the device."""
    first = logged(home, 1)
    says(home.device, first)
    says(home.device, spoil(home, first))
    assert DeviceLogEntry.objects.exclude(wrong="").get().wrong == wrong
    assert RejectedInput.objects.filter(reason__contains=f"entry {spoil(home, first).number}").exists()
    page = desk.get("/calls/forced/").content.decode()
    assert '<ul class="faults">' in page
    with pytest.raises(CommandError):
        verified()


def test_what_was_changed_at_the_desk_afterwards_is_noticed(home: Home) -> None:
    """The stored entry is checked against its digest again."""
    says(home.device, logged(home, 1))
    row = DeviceLogEntry.objects.get()
    row.body["reason_text"] = "Something else"
    row.save()
    assert [
        broken.why
        for broken in audit_chain.verify_devices(audit_chain.by_device(DeviceLogEntry.objects.all()))
    ] == ["changed"]


def test_the_page_shows_who_why_and_how_many(story: None, home: Home, desk: Client) -> None:
    """Both logs side by side, the reasons counted."""
    says(home.device, logged(home, 1, call_id=Call.objects.order_by("offered_at")[0].pk))
    page = " ".join(desk.get("/calls/forced/").content.decode().split())
    assert "An alarm has come in: No answer at the door" in page
    assert "Medicine: 1" in page
    assert "entry 1 of the screen's own log" in page
    assert "refused by the resident" in page


@pytest.mark.requirement("V27")
def test_nobody_sees_the_log_of_another_home(story: None, foreign: Home, client: Client) -> None:
    """Neither entries nor counts are visible."""
    client.force_login(foreign.user)
    page = client.get("/calls/forced/").content.decode()
    assert "Lehmus" not in page
    assert "No forced calls" in page


@pytest.mark.requirement("V12")
def test_relatives_see_who_looked_in_where_the_home_allows_it(home: Home, caller: Caller) -> None:
    """By whom, when and why; not their own calls, none that was refused, and nothing before it is allowed."""
    allow_forced(home)
    niina = Contact.objects.create(
        organisation=home.organisation, first_name="Niina", last_name="Laine", role=Contact.Role.PROFESSIONAL
    )
    Relation.objects.create(resident=home.resident, contact=niina)
    nurse = Caller(niina).enter().open()
    seen = nurse.force(home, "welfare", "She did not come to lunch")
    says(home.device, CallAnswered(call_id=seen.pk, answer=ANSWER))
    says(home.device, CallEnded(call_id=seen.pk, why="resident", seconds=40))
    refused = nurse.force(home, "medicine", "The evening medicine")
    says(home.device, CallDeclined(call_id=refused.pk, why="refused"))
    mine = caller.force(home)
    says(home.device, CallAnswered(call_id=mine.pk, answer=ANSWER))
    says(home.device, CallEnded(call_id=mine.pk, why="resident", seconds=40))
    assert state(caller.link, caller.page)["looked_in"] == []
    CallSettings.objects.create(organisation=home.organisation, tells_relatives=True)
    (only,) = state(caller.link, caller.page)["looked_in"]
    assert only["name"] == str(home.resident)
    assert only["words"].startswith("Niina Laine looked in")
    assert only["words"].endswith("To see that all is well: She did not come to lunch")
    assert state(nurse.link, nurse.page)["looked_in"] == []
