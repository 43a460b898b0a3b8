"""The fleet: devices found, filtered, paged and changed many at a time; one added and handed over."""

import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cloud.devices.models import Device, DeviceFault, Retirement
from cloud.organisations.roles import Role
from cloud.people.models import Resident
from cloud.pki.authority import desk_authority
from cloud.screens.fleet import PAGE
from device.contract.claim import CLAIM_ALPHABET
from tests.cloud.homes import Home, make_user

MANY = 10_000
MOST_QUERIES = 13


def page(desk: Client, query: str = "") -> str:
    """The words of the page."""
    return unescape(desk.get(f"/devices/{query}").content.decode())


def listed(text: str) -> list[str]:
    """The devices on a page, in its order."""
    return re.findall(r'cover" href="/devices/([a-z0-9]+)/">', text)


def make_fleet(home: Home, number: int) -> None:
    """So many devices more; each second one has a resident, and names repeat."""
    people = Resident.objects.bulk_create(
        Resident(organisation=home.organisation, first_name=f"N{at % 7}", last_name=f"Mäki{at % 500:03}")
        for at in range(number // 2)
    )
    Device.objects.bulk_create(
        Device(
            id=f"fleet{at:08}",
            organisation=home.organisation,
            resident=people[at // 2] if at % 2 and at // 2 < len(people) else None,
            certificate_pem="x",
            heard_at=timezone.now(),
            heartbeat={"version": "0.2.0" if at % 3 else "0.1.0", "free_mb": at},
            ring=str(at % 3 + 1),
        )
        for at in range(number)
    )


def test_every_device_stands_on_just_one_page(desk: Client, home: Home) -> None:
    """Residents by name, then those without one; the pages follow each other without a gap or a repeat."""
    make_fleet(home, 3 * PAGE)
    seen: list[str] = []
    query = ""
    while True:
        text = page(desk, query)
        seen += listed(text)
        following = re.search(r'href="(\?[^"]*after=[^"]*)"', text)
        if following is None:
            break
        query = following[1]
    assert len(seen) == len(set(seen)) == Device.objects.count()


def test_ten_thousand_devices_need_as_few_queries_as_ten(desk: Client, home: Home) -> None:
    """However many there are, a page costs the same; also the last one, and one that is filtered."""
    make_fleet(home, MANY)
    last = Device.objects.order_by("-pk").first()
    assert last
    for query in ("", "?q=mäki1", "?state=faulty", f"?after={last.pk}", "?version=0.2.0&ring=2"):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            desk.get(f"/devices/{query}")
        assert len(queries) <= MOST_QUERIES, query
    for query in ("", "?sort=name", f"?page={MANY // 50}"):
        with CaptureQueriesContext(connection) as queries:
            drawn = desk.get(f"/health/rows/{query}").content
        assert len(queries) <= MOST_QUERIES, query
        assert drawn.count(b'id="health-') == 50, query


@pytest.mark.requirement("V9")
def test_search_and_filters_find_what_fits(desk: Client, home: Home, foreign: Home) -> None:
    """By resident, organisation and number; by use, ring, state and version. Never another's."""
    own = home.device
    Device.objects.update(heard_at=timezone.now(), heartbeat={"version": "0.1.0"})
    Device.objects.filter(pk=own.pk).update(certificate_pem="x", use="in-repair", ring="2")
    DeviceFault.objects.filter(device=own).delete()
    for query in (
        "q=virtanen",
        f"q={own.pk[:5]}",
        "q=lehmus",
        "use=in-repair",
        "ring=2",
        "version=0.1.0",
        "state=well",
    ):
        assert listed(page(desk, f"?{query}")) == [own.pk], query
    for query in (
        "q=nobody",
        "use=in-stock",
        "ring=1",
        "version=9",
        "state=silent",
        "state=faulty",
        "state=retired",
    ):
        assert listed(page(desk, f"?{query}")) == [], query
    DeviceFault.objects.create(device=own, part="speaker", since=timezone.now())
    assert "1 fault" in page(desk, "?state=faulty")
    Retirement.objects.create(device=own, receipt="r", certificate_pem="x")
    Device.objects.filter(pk=own.pk).update(certificate_pem="")
    assert "not wiped yet" in page(desk, "?state=retired")
    assert listed(page(desk)) == []
    assert foreign.device.pk not in page(desk, "?q=vieras")


@pytest.mark.requirement("V9")
def test_many_are_changed_after_a_preview_and_no_others(desk: Client, home: Home, foreign: Home) -> None:
    """The preview names who changes and changes nothing; what was not shown cannot be done."""
    make_fleet(home, 6)
    answer = desk.post("/devices/bulk/preview/", {"action": "ring-1", "all": "1"}).content.decode()
    token = re.search(r'name="token" value="([^"]+)"', answer)
    assert token
    assert "devices change" in answer
    assert Device.objects.filter(ring="1").count() == 2
    desk.post("/devices/bulk/", {"token": token[1]})
    assert not Device.objects.filter(organisation=home.organisation).exclude(ring="1").exists()
    assert Device.objects.get(pk=foreign.device.pk).ring == "3"
    desk.post("/devices/bulk/", {"token": token[1] + "x"})
    chosen = {"action": "use-in-stock", "device": [home.device.pk, foreign.device.pk]}
    answer = desk.post("/devices/bulk/preview/", chosen).content.decode()
    assert "1 device changes" in answer
    token = re.search(r'name="token" value="([^"]+)"', answer)
    assert token
    desk.post("/devices/bulk/", {"token": token[1]})
    assert Device.objects.get(pk=home.device.pk).use == "in-stock"
    assert Device.objects.get(pk=foreign.device.pk).use == "in-use"


@pytest.fixture
def authority(settings: Any, tmp_path: Path) -> None:
    """The desk's own, which the QR code names."""
    settings.DATA = tmp_path
    desk_authority().make(["localhost"])


@pytest.mark.requirement("K7", "V16")
def test_a_device_is_added_and_says_what_it_replaces(
    client: Client, home: Home, foreign: Home, authority: None
) -> None:
    """A code for 15 minutes and one use, who made it, as QR and as letters; for nobody else's resident."""
    installer = make_user(home.organisation, first_name="Ilkka", roles=[Role.INSTALLER])
    client.force_login(installer)
    answer = client.post("/devices/add/", {"resident": home.resident.pk})
    text = unescape(answer.content.decode())
    assert answer["Cache-Control"] == "no-store"
    assert re.search(rf">[{CLAIM_ALPHABET}]{{4}}-[{CLAIM_ALPHABET}]{{4}}<", text)
    assert 'class="qr"' in text
    assert f"It replaces the device that {home.resident} has" in text
    assert f"Made by {installer}" in text
    for whose in ({"resident": foreign.resident.pk}, {}):
        assert 'class="qr"' not in client.post("/devices/add/", whose).content.decode()


def test_the_hand_over_sheet_names_whose_it_is(desk: Client, home: Home) -> None:
    """One page to be printed and signed."""
    text = page(desk, f"{home.device.pk}/sheet/")
    assert str(home.resident) in text
    assert home.device.pk in text
