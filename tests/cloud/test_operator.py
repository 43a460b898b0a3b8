"""The operator's pages: contacts to call now, safe words only in an open alarm, and the promise."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone

from cloud.devices.models import Device, DeviceCommand
from cloud.help import board
from cloud.help.models import HelpRequest, HelpStep
from cloud.organisations.models import User
from cloud.organisations.roles import Role
from cloud.partner import answers, safe_words
from cloud.partner.models import DuressAlarm, OperatorStep, SafeWords
from cloud.people.models import EscalationContact, ResidentHome
from tests.cloud.calls.callers import OFFER
from tests.cloud.homes import Home, make_device, make_help, make_resident, make_user
from tests.cloud.mail_channel import post_mail

pytestmark = pytest.mark.requirement("S6")


@pytest.fixture(autouse=True)
def key(settings: Any, tmp_path: Path) -> Path:
    """A key of this test."""
    settings.SECRETS_KEY_FILE = str(tmp_path / "keys" / "secrets.key")
    return Path(settings.SECRETS_KEY_FILE)


@pytest.fixture
def page(home: Home) -> str:
    """The page of the home's alarm."""
    return f"/partner/alarms/{home.help.pk}/"


@pytest.fixture
def words(desk: Client, home: Home) -> None:
    """The resident has agreed on two words."""
    desk.post(
        f"/partner/residents/{home.resident.pk}/safe-words/", {"well": "mustikka", "duress": "puolukka"}
    )


def test_words_are_sealed_with_a_key_outside_the_database(
    desk: Client, home: Home, words: None, key: Path
) -> None:
    """Neither the row nor the resident's page holds them; the key file is the desk's alone."""
    assert b"mustikka" not in bytes(SafeWords.objects.get().sealed)
    assert "mustikka" not in desk.get(f"/partner/residents/{home.resident.pk}/").content.decode()
    assert key.stat().st_mode & 0o077 == 0


def test_words_are_seen_only_while_the_alarm_is_open_and_each_look_is_logged(
    desk: Client, home: Home, words: None, page: str
) -> None:
    """Looking twice is logged twice; after the close nobody sees them."""
    assert "mustikka" not in desk.get(page).content.decode()
    for _ in range(2):
        assert "mustikka" in desk.post(f"{page}safe-words/").content.decode()
    assert OperatorStep.objects.filter(kind="revealed", by=home.user).count() == 2
    desk.post(f"{page}take/")
    desk.post(page, {"outcome": "helped"})
    assert "mustikka" not in desk.post(f"{page}safe-words/").content.decode()
    assert OperatorStep.objects.filter(kind="revealed").count() == 2


def test_another_key_opens_nothing(desk: Client, words: None, page: str, key: Path) -> None:
    """A stolen database reveals nothing; the operator sees the reason, and the access is logged."""
    key.unlink()
    shown = desk.post(f"{page}safe-words/").content.decode()
    assert "cannot be read" in shown
    assert "mustikka" not in shown


def test_duress_closes_on_the_screen_and_raises_the_silent_path(
    desk: Client, home: Home, words: None, page: str
) -> None:
    """The device shows "closed" as always; board, partner and staff on duty know, until it is handled."""
    desk.post(f"{page}take/")
    desk.post(f"{page}duress/")
    home.help.refresh_from_db()
    assert home.help.closed_at
    bodies = [str(command.body) for command in DeviceCommand.objects.order_by("issued_at", "pk")]
    assert any("closed" in body for body in bodies)
    assert not any("duress" in body for body in bodies)
    assert "Nobody has mail of it yet" in desk.get("/partner/alarms/").content.decode()
    post_mail()
    post_mail()
    assert all("pakotettuna" in each.subject for each in mail.outbox)
    assert [each.to for each in mail.outbox].count(["partner@example.org"]) == 1
    assert "the partner have mail" in desk.get("/partner/alarms/").content.decode()
    assert "under duress" in desk.get("/help/warnings/").content.decode()
    desk.post(f"{page}settle/")
    assert DuressAlarm.objects.get().settled_by == home.user
    assert "under duress" not in desk.get("/help/warnings/").content.decode()


def test_duress_is_raised_although_somebody_has_just_closed_the_request(
    desk: Client, home: Home, words: None, page: str
) -> None:
    """A nurse was faster at the board: the silent path goes all the same."""
    board.take(home.help.pk, home.user)
    board.close(home.help.pk, home.user, HelpRequest.Outcome.HELPED)
    desk.post(f"{page}duress/")
    assert DuressAlarm.objects.get().request == home.help
    assert OperatorStep.objects.filter(kind="duress").exists()


def test_the_two_words_are_different(desk: Client, home: Home) -> None:
    """Words that sound alike are refused."""
    desk.post(f"/partner/residents/{home.resident.pk}/safe-words/", {"well": "Marja", "duress": "marja "})
    assert not safe_words.has_words(home.resident)


@pytest.mark.requirement("S7")
def test_the_numbers_are_those_that_hold_now(desk: Client, home: Home, page: str) -> None:
    """On the resident's wall clock: the other number at night."""
    EscalationContact.objects.update(other_phone="+358409999999")
    home.resident.care.office_from = home.resident.care.office_until = timezone.localtime().time()
    shown = desk.get(page).content.decode()
    assert "tel:+35840" in shown
    assert ("tel:+358401234567" in shown) == ("Office hours:" in shown and "Outside" not in shown)


@pytest.mark.requirement("S1")
def test_of_two_operators_one_answers(desk: Client, home: Home, page: str) -> None:
    """The other one gets the name, and nothing changes."""
    other = Client()
    other.force_login(make_user(home.organisation, "Bertta"))
    desk.post(f"{page}take/")
    assert "Lehmusnurse" in other.post(f"{page}take/", follow=True).content.decode()
    home.help.refresh_from_db()
    assert home.help.taken_by == home.user
    desk.post(f"{page}give-back/")
    home.help.refresh_from_db()
    assert home.help.taken_at is None


PRESSES: dict[str, tuple[str, dict[str, str]]] = {
    "take": ("take/", {}),
    "give back": ("give-back/", {}),
    "close": ("", {"outcome": "helped"}),
    "duress": ("duress/", {}),
    "settle": ("settle/", {}),
}


@pytest.mark.requirement("S1")
@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("before", "at_once", "taken", "closed"),
    [
        ((), ("take", "take"), 1, 0),
        (("take",), ("close", "close"), 1, 1),
        (("take",), ("close", "duress"), 1, 1),
        (("take",), ("duress", "duress"), 1, 1),
        (("take", "duress"), ("settle", "settle"), 1, 1),
    ],
)
def test_two_operators_at_once(
    home: Home, page: str, before: tuple[str, ...], at_once: tuple[str, ...], taken: int, closed: int
) -> None:
    """On pages of their own, in the same moment: each step happens once, and both get a page."""
    operators = [home.user, make_user(home.organisation, "Bertta")]
    start = Barrier(len(operators))

    def press(operator: User, what: str) -> int:
        address, form = PRESSES[what]
        return _browser(operator).post(page + address, form, follow=True).status_code

    def press_at_once(operator: User, what: str) -> int:
        try:
            start.wait(10)
            return press(operator, what)
        finally:
            connection.close()

    assert [press(home.user, what) for what in before] == [200] * len(before)
    with ThreadPoolExecutor(len(operators)) as both:
        assert list(both.map(press_at_once, operators, at_once)) == [200, 200]
    kinds = list(HelpStep.objects.filter(request=home.help).values_list("kind", flat=True))
    assert (kinds.count("taken"), kinds.count("closed")) == (taken, closed)
    is_duress = "duress" in (*before, *at_once)
    assert DuressAlarm.objects.count() == is_duress
    assert DuressAlarm.objects.exclude(settled_at=None).count() == ("settle" in at_once)


def _browser(user: User) -> Client:
    browser = Client(headers={"accept-language": "en"})
    browser.force_login(user)
    return browser


@pytest.mark.requirement("S1", "S2")
def test_the_operator_sees_where_to_go_while_the_alarm_is_open(home: Home, page: str) -> None:
    """Address, map, what to know, how the device is, who decides; where and what is gone with the alarm."""
    ResidentHome.objects.update_or_create(
        resident=home.resident, defaults={"address": "Kotikatu 3 B, Turku", "notes": "Hard of hearing."}
    )
    EscalationContact.objects.update(role="administrator")
    operator = _browser(make_user(home.organisation, "Olli", roles=[Role.PARTNER_OPERATOR]))
    shown = operator.get(page).content.decode()
    assert "Kotikatu 3 B, Turku" in shown
    assert "openstreetmap.org/search?query=Kotikatu%203%20B%2C%20Turku" in shown
    assert "Hard of hearing." in shown
    assert "Lehmus part" in shown
    assert "decides in the resident" in shown
    assert f"/devices/{home.device.pk}/" not in shown
    operator.post(f"{page}take/")
    operator.post(f"{page}note/", {"words": "Talked to the neighbour."})
    assert "This field is required" in operator.post(f"{page}note/", {"words": " "}).content.decode()
    operator.post(page, {"outcome": "talked"})
    shown = operator.get(page).content.decode()
    assert "Talked to the neighbour." in shown
    assert "Kotikatu" not in shown
    assert "Hard of hearing." not in shown
    assert operator.post(f"{page}note/", {"words": "Later."}).status_code == 404


def test_without_a_page_of_maps_there_is_no_link(desk: Client, home: Home, page: str, settings: Any) -> None:
    """The address alone is shown."""
    ResidentHome.objects.update_or_create(resident=home.resident, defaults={"address": "Kotikatu 3"})
    settings.MAP_ADDRESS = ""
    shown = desk.get(page).content.decode()
    assert "Kotikatu 3" in shown
    assert "On the map" not in shown


@pytest.mark.requirement("S1", "K3")
def test_who_has_taken_the_alarm_calls_the_screen(home: Home, page: str) -> None:
    """An operator, who may call nobody else: the screen learns that this call answers its call for help."""
    operator = make_user(home.organisation, "Olli", roles=[Role.PARTNER_OPERATOR])
    Device.objects.update(online=True)
    browser = Client(headers={"accept-language": "en"})
    browser.force_login(operator)
    assert "Answer the alarm first" in browser.post(f"{page}call/", follow=True).content.decode()
    browser.post(f"{page}take/")
    assert f"{page}call/" in browser.get(page).content.decode()
    answer = browser.post(f"{page}call/")
    there = answer.headers["Location"]
    assert there == f"/call/?call={home.resident.pk}"
    assert browser.get(there).status_code == 200
    assert OperatorStep.objects.filter(kind="called", by=operator).exists()
    calls = [{"resident": home.resident.pk, "offer": OFFER}]
    wanted = {"page": str(uuid4()), "calls": calls}
    browser.post("/call/place/", json.dumps(wanted), content_type="application/json")
    ring = DeviceCommand.objects.get(body__kind="ring")
    assert ring.body["answers_help"] is True
    assert ring.body["name"].startswith("Olli")
    neighbour = make_resident(home.organisation, "Naapuri")
    make_device(neighbour)
    wanted |= {"calls": [{"resident": neighbour.pk, "offer": OFFER}]}
    assert (
        browser.post("/call/place/", json.dumps(wanted), content_type="application/json").status_code == 409
    )
    browser.post(page, {"outcome": "talked"})
    wanted |= {"calls": calls}
    assert (
        browser.post("/call/place/", json.dumps(wanted), content_type="application/json").status_code == 409
    )
    assert "Answer the alarm first" in browser.post(f"{page}call/", follow=True).content.decode()


@pytest.mark.requirement("S1")
def test_the_promise_is_counted_from_the_first_answer(desk: Client, home: Home) -> None:
    """Within 60 s, within 180 s, later, and never; also where it was given back and taken again later."""
    HelpRequest.objects.all().delete()
    began = timezone.now() - timedelta(hours=1)
    for number, wait_s in enumerate([5, 60, 61, 180, 500, None]):
        request = make_help(home.device, f"promise-{number}")
        taken_at = began + timedelta(seconds=wait_s) if wait_s is not None else None
        HelpRequest.objects.filter(pk=request.pk).update(received_at=began, taken_at=taken_at)
    HelpStep.objects.create(request=request, kind=HelpStep.Kind.TAKEN, at=began + timedelta(seconds=30))
    again = make_help(home.device, "promise-again")
    HelpRequest.objects.filter(pk=again.pk).update(received_at=began, taken_at=began + timedelta(seconds=500))
    HelpStep.objects.create(request=again, kind=HelpStep.Kind.TAKEN, at=began + timedelta(seconds=100))
    rows = answers.of_user(home.user, 7)
    times = answers.count(wait for _row, wait in rows)
    assert (times.alarms, times.soon, times.late) == (7, 3, 6)
    assert not times.is_kept
    assert answers.lately(home.user, 7) == times
    assert "not kept" in desk.get("/partner/answers/?days=7").content.decode()
    table = desk.get("/partner/answers/csv/?days=7").content.decode()
    assert table.count("\r\n") == 8
    assert table.splitlines()[0].startswith("\ufeffReceived;")


def test_of_no_alarms_the_promise_is_kept() -> None:
    """Without any alarm the share answered in time counts as reached."""
    assert answers.count([]).is_kept
    assert answers.by_day([]) == {}
