"""SMPP 3.4 before an SMSC of another make: Net::SMPP of Perl, which shares no line with our library.

Debian has no whole SMSC: Kannel's bearerbox is a client of one, and ``drive_smpp`` (kannel-extras 1.4.5), the
SMSC of its own tests, understands our bind but leaves that of a transceiver without an answer.
"""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from cloud.delivery.channel import NotSent, Outgoing, Report
from cloud.delivery.channels.smpp.transport import SmppSession
from cloud.delivery.text_parts import split
from tests.link.waiting import eventually

PEER = Path(__file__).with_name("net_smpp.pl")
LONG = "Hyvää päivää, lääkkeet jäivät ottamatta. " * 8


@pytest.fixture
def peer() -> Iterator[subprocess.Popen[str]]:
    """The SMSC; its first line is its port."""
    with subprocess.Popen(["perl", PEER], stdout=subprocess.PIPE, text=True) as running:
        yield running
        running.terminate()


def session(peer: subprocess.Popen[str], password: str = "secret") -> SmppSession:
    """The account of a home."""
    assert peer.stdout
    port = int(peer.stdout.readline())
    return SmppSession(
        {"host": "127.0.0.1", "port": port, "system_id": "home", "password": password, "sender": "Koti"}
    )


def read(peer: subprocess.Popen[str], count: int) -> list[dict[str, object]]:
    """So many messages as the SMSC has understood them."""
    assert peer.stdout
    return [json.loads(peer.stdout.readline()) for _each in range(count)]


def test_a_long_text_arrives_and_its_receipt_is_understood(peer: subprocess.Popen[str]) -> None:
    """Every part with its number, one receipt for all of them."""
    home, parts = session(peer), split(LONG)
    handed = home.send(Outgoing("1", "+358401234567", "", LONG))
    said = read(peer, len(parts))
    assert handed.parts == len(parts) > 1
    assert {(each["source_addr"], each["destination_addr"]) for each in said} == {("Koti", "358401234567")}
    headers = [str(each["hex"])[:12] for each in said]
    assert [header[-2:] for header in headers] == [f"{number:02x}" for number in range(1, len(parts) + 1)]
    reports: list[Report] = []

    def receipts() -> list[Report]:
        reports.extend(home.poll())
        return reports

    eventually(receipts, "the receipt")
    assert [(each.state, each.reference) for each in reports] == [("delivered", handed.reference)]
    home.close()


def test_a_wrong_password_is_understood(peer: subprocess.Popen[str]) -> None:
    """The SMSC says no, and the channel says so."""
    home = session(peer, "wrong")
    with pytest.raises(NotSent):
        home.send(Outgoing("1", "+358401234567", "", "Hei"))
    home.close()
