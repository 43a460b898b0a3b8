"""Who may make whose screen answer by itself: the whole matrix (V12, K5)."""

from datetime import time
from itertools import product
from typing import Any

import pytest

from cloud.calls import rights
from cloud.calls.models import Call, ForcedCallEntry
from cloud.people.models import Contact, Relation
from tests.cloud.calls.callers import Caller, allow_forced, command_bodies
from tests.cloud.homes import Home

pytestmark = [pytest.mark.requirement("V12"), pytest.mark.requirement("K5")]

NOON = time(12)


def expected(role: str, *, professionals: bool, relatives: bool, consent: bool, seen: bool, may: bool) -> Any:
    """What the requirement says, written the long way round."""
    if not seen:
        return "not-allowed"
    if role == "professional" and not professionals:
        return "not-allowed"
    if role == "relative" and not (relatives and may):
        return "not-allowed"
    return None if consent else "no-consent"


@pytest.mark.parametrize("role", ["professional", "relative"])
@pytest.mark.parametrize(("professionals", "relatives", "consent"), list(product((False, True), repeat=3)))
@pytest.mark.parametrize(("seen", "may"), list(product((False, True), repeat=2)))
def test_every_combination(
    role: Any, professionals: bool, relatives: bool, consent: bool, seen: bool, may: bool
) -> None:
    """Two boxes, consent, the relative's own right, and being on the resident's list: 64 cases."""
    permission = rights.Permission(
        by_professionals=professionals, by_relatives=relatives, has_consent=consent
    )
    caller = rights.Caller(role=role, is_seen=seen, may_force=may)
    wanted = expected(
        role, professionals=professionals, relatives=relatives, consent=consent, seen=seen, may=may
    )
    assert rights.refusal(permission, caller, NOON, 0) == wanted


@pytest.mark.parametrize(
    ("since", "until", "at", "is_open"),
    [
        ("08:00", "20:00", "07:59", False),
        ("08:00", "20:00", "08:00", True),
        ("08:00", "20:00", "19:59", True),
        ("08:00", "20:00", "20:00", False),
        ("20:00", "08:00", "23:00", True),
        ("20:00", "08:00", "07:59", True),
        ("20:00", "08:00", "12:00", False),
        ("00:00", "00:00", "03:00", True),
    ],
)
def test_hours_also_over_midnight(since: str, until: str, at: str, is_open: bool) -> None:
    """From the first minute to before the last."""
    permission = rights.Permission(
        by_professionals=True,
        has_consent=True,
        since=time.fromisoformat(since),
        until=time.fromisoformat(until),
    )
    caller = rights.Caller(role="professional", is_seen=True, may_force=False)
    said = rights.refusal(permission, caller, time.fromisoformat(at), 0)
    assert said == (None if is_open else "outside-hours")


@pytest.mark.parametrize(("most", "today", "said"), [(0, 0, "too-often"), (2, 1, None), (2, 2, "too-often")])
def test_no_more_than_so_many_a_day(most: int, today: int, said: str | None) -> None:
    """The count of the day decides; 0 is none at all."""
    permission = rights.Permission(by_professionals=True, has_consent=True, most_per_day=most)
    caller = rights.Caller(role="professional", is_seen=True, may_force=False)
    assert rights.refusal(permission, caller, NOON, today) == said


def test_what_is_refused_never_reaches_the_device(caller: Caller, home: Home) -> None:
    """Without the boxes the desk itself refuses, and writes it down."""
    call = caller.force(home)
    assert (call.state, call.why) == (Call.State.ENDED, "not-allowed")
    assert command_bodies(home.device, "forced-call") == []
    assert list(ForcedCallEntry.objects.values_list("what", "outcome")) == [("refused", "not-allowed")]


def test_what_is_allowed_is_asked_of_the_device(caller: Caller, home: Home) -> None:
    """With name, role and reason as the desk knows them."""
    allow_forced(home)
    call = caller.force(home)
    (asked,) = command_bodies(home.device, "forced-call")
    assert (asked["call_id"], asked["name"], asked["role"]) == (call.pk, "Lehmus Relative", "relative")
    assert (asked["reason"], asked["reason_text"]) == ("alarm", "No answer at the door")


def test_the_day_is_the_residents(caller: Caller, home: Home) -> None:
    """So many forced calls in one day of the resident's, and no more; refused ones do not count."""
    allow_forced(home, forced_most_per_day=1)
    first = caller.force(home)
    caller.hangs_up(first)
    assert caller.force(home).why == "too-often"
    Call.objects.filter(pk=first.pk).update(offered_at="2026-01-01T00:00:00Z")
    assert caller.force(home).is_open


@pytest.mark.parametrize("role", ["professional", "relative"])
def test_the_role_is_that_of_the_database(home: Home, role: str) -> None:
    """What the browser says of itself is nobody's role."""
    Contact.objects.update(role=role)
    home.contact.refresh_from_db()
    caller = Caller(home.contact).enter().open()
    allow_forced(home, forced_by_relatives=False)
    answer = caller.call(home, reason="alarm", text="x", role="professional", name="Doctor", kind="ordinary")
    assert answer.status_code == 200
    assert bool(command_bodies(home.device, "forced-call")) == (role == "professional")


@pytest.mark.parametrize("text", ["", "   ", "\0"])
def test_no_reason_no_forced_call(caller: Caller, home: Home, text: str) -> None:
    """V13: a reason of the list and words of one's own, or nothing at all."""
    allow_forced(home)
    assert caller.call(home, reason="alarm", text=text).status_code == 400
    assert caller.call(home, reason="because", text="x").status_code == 400
    assert not Call.objects.exists()


def test_the_policy_of_the_device_says_the_same(caller: Caller, home: Home) -> None:
    """The device checks again, by the boxes, hours and right that the desk has."""
    from cloud.devices.documents import refresh

    allow_forced(home, forced_by_professionals=False, forced_most_per_day=2, forced_countdown_s=15)
    refresh(home.device)
    policy = home.device.documents.get(name="policy").body["forced_calls"]
    assert policy == {
        "by_professionals": False,
        "by_relatives": True,
        "consent_on_file": True,
        "allowed_from": "00:00",
        "allowed_until": "00:00",
        "most_per_day": 2,
        "countdown_s": 15,
    }
    (contact,) = home.device.documents.get(name="people").body["contacts"]
    assert contact["may_force_call"] is True
    Relation.objects.update(may_force_call=False)
    refresh(home.device)
    (contact,) = home.device.documents.get(name="people").body["contacts"]
    assert contact["may_force_call"] is False
