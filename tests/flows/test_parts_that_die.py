"""Stories: a part of the system dies, freezes or lies, and the resident loses nothing."""

import json
import random
import re
import signal
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from device.contract import topics
from device.contract.commands import StopRemoteView
from device.contract.wire import seal
from tests.device.full_disk import full_disk
from tests.flows.house import House
from tests.flows.proxy import Relay
from tests.link.waiting import eventually

NOW = datetime(2026, 11, 21, tzinfo=UTC)


@contextmanager
def broker_behind(house: House, port: int) -> Iterator[None]:
    """The tablet finds its broker at another port for a while."""
    file = house.stack.tablet.identity / "link.json"
    before = file.read_text()
    house.stack.tablet.core.stop()
    file.write_text(json.dumps(json.loads(before) | {"broker_port": port}))
    house.stack.tablet.core.start()
    try:
        yield
    finally:
        house.stack.tablet.core.stop()
        file.write_text(before)
        house.stack.tablet.core.start()


def connected(house: House) -> bool:
    return house.screen.newest is not None and house.screen.newest.notice == ""


@pytest.mark.requirement("K3")
def test_a_half_open_link_is_found_long_before_the_keepalive(house: House, nurse: Page) -> None:
    """The connection looks alive and carries nothing: help gets out on a new one within seconds."""
    with Relay(house.stack.place.ports.broker_devices) as relay, broker_behind(house, relay.port):
        eventually(lambda: connected(house), "the tablet is connected through the relay")
        relay.swallow()
        pressed_s = time.monotonic()
        house.press_the_wall_button()
        house.resident_sees("Apua kutsutaan")
        house.resident_sees("Pyyntö on perillä", timeout_s=25)
        assert time.monotonic() - pressed_s < 25
        eventually(lambda: relay.connections == 2, "a new connection in place of the dead one", 25)
        expect(nurse.locator("button[id^='take-']")).to_have_count(1)


@pytest.mark.requirement("K3")
def test_a_desk_that_hangs_makes_the_board_loud(house: House, nurse: Page) -> None:
    """The web process is stopped and closes nothing: the board says that it does not ring, until then."""
    board = nurse.context.new_page()
    board.clock.install()
    board.goto(f"{house.stack.desk.url}/help/")
    expect(board.locator("#no-ring")).to_be_hidden()
    house.stack.desk.pages.send(signal.SIGSTOP)
    try:
        board.clock.run_for(60_000)
        expect(board.locator("#no-ring")).to_contain_text("Tämä taulu ei hälytä")
        expect(board.locator("body")).to_have_attribute("data-rang", re.compile("[1-9]"))
    finally:
        house.stack.desk.pages.send(signal.SIGCONT)
    board.clock.run_for(30_000)
    expect(board.locator("#no-ring")).to_be_hidden()


@pytest.mark.requirement("K2")
def test_a_frozen_window_is_found_restarted_and_reported(house: House, nurse: Page) -> None:
    """Stopped with SIGSTOP while its socket stays open: back within twenty seconds, and the desk knows."""
    frozen = {"kind": "screen-lost", "body__what__reason": "frozen"}
    before = house.desk_counts("devices.DeviceEvent", **frozen)
    starts = house.stack.tablet.window.starts
    house.stack.tablet.window.send(signal.SIGSTOP)
    eventually(lambda: house.stack.tablet.window.starts > starts, "the window was restarted", 20)
    eventually(
        lambda: house.desk_counts("devices.DeviceEvent", **frozen) == before + 1,
        "the desk has the report",
    )


@pytest.mark.requirement("K3")
def test_a_core_killed_over_and_over_loses_no_event_and_doubles_none(house: House, nurse: Page) -> None:
    """Killed with -9 while events are in flight: each is in the desk's database exactly once."""
    chance = random.Random(7)
    device = house.stack.tablet.device
    with house.desks_voice() as say:
        for round_ in range(6):
            eventually(lambda: connected(house), "the core is back", 30)
            for number in range(15):
                say(topics.COMMAND, seal(StopRemoteView(), f"nonsense-{round_}-{number}", sent_at=NOW))
            time.sleep(chance.uniform(0.0, 0.15))
            house.stack.tablet.core.kill()
            eventually(lambda: house.screen.newest is None, "the core is dead")
    eventually(lambda: connected(house), "the core is back", 30)
    file = house.stack.place.tablet / "data" / "device.sqlite3"
    with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as store:
        eventually(lambda: store.execute("select count(*) from outbox").fetchone()[0] == 0, "all receipts")
        last = store.execute("select seq from sqlite_sequence where name = 'outbox'").fetchone()[0]
    sequences = house.stack.desk.rows("devices.DeviceEvent", "sequence", device=device, order=["sequence"])
    assert last > 60
    assert [row[0] for row in sequences] == list(range(1, last + 1))


def test_a_desk_that_answers_nonsense_is_reported_once_and_help_still_works(
    house: House, nurse: Page
) -> None:
    """Receipts of garbage neither stop the device nor make it talk for ever; help gets out all the same."""
    with house.desks_voice() as say:
        for payload in (b"", b"{}", b"[1,2,3]", b'{"schema":1}', b"\xff" * 50_000, b"[" * 90_000):
            for _ in range(20):
                say(topics.RECEIVED, payload)
    house.press_the_wall_button()
    house.resident_sees("Pyyntö on perillä")
    rejected = house.desk_counts(
        "devices.DeviceEvent", kind="input-rejected", body__what__source__icontains="down/received"
    )
    assert 1 <= rejected <= 20


def test_a_broker_that_refuses_is_said_so_in_the_devices_health(house: House) -> None:
    """A certificate that the broker does not take: the reason is in the health, and the screen stays."""
    health = house.stack.place.tablet / "data" / "health.json"
    pki = house.stack.place.desk / "pki"
    certificate = house.stack.tablet.identity / "certificate.pem"
    key = house.stack.tablet.identity / "key.pem"
    good = certificate.read_text(), key.read_text()
    house.stack.tablet.core.stop()
    certificate.write_text((pki / "server.pem").read_text())
    key.write_text((pki / "server.key").read_text())
    house.stack.tablet.core.start()
    eventually(
        lambda: any(
            each["part"] == "link" and each["reason"] for each in json.loads(health.read_text())["parts"]
        ),
        "a link fault",
    )
    house.resident_sees("Ei yhteyttä")
    house.stack.tablet.core.stop()
    certificate.write_text(good[0])
    key.write_text(good[1])
    house.stack.tablet.core.start()
    eventually(lambda: connected(house), "connected again", 30)


@pytest.mark.requirement("K3")
def test_a_full_disk_does_not_hold_up_help(house: House, nurse: Page) -> None:
    """Nothing can be written down: the desk has it all the same, once, and reads what is wrong."""
    before = house.desk_counts("help.HelpRequest")
    pid = house.stack.tablet.core.pid
    assert pid
    with full_disk(pid):
        house.press_the_wall_button()
        house.resident_sees("Pyyntö on perillä")
        eventually(
            lambda: "storage" in str(house.desk_knows("devices.Device", "heartbeat")),
            "the desk reads what is wrong",
        )
        house.goes(nurse)
        house.resident_sees("Anna on tulossa luoksesi")
    assert house.desk_counts("help.HelpRequest") == before + 1
