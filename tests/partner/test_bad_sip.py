"""What strangers and broken centres send to the SIP port holds up and confirms no alarm (S1)."""

import random
import socket
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from cloud.help.models import HelpStep, Partner
from cloud.partner.models import AlarmCentre, AlarmMessage
from cloud.people.models import Resident
from cloud.pki.authority import Authority
from provisioning.demo.ports import LOOPBACK, a_free_port
from tests.link.desk_process import DeskProcess
from tests.link.waiting import eventually
from tests.partner.sip_peer import Centre, centre, mrs, needs_pjsua2
from tests.partner.test_alarms_process import partner, press, ways

__all__ = ["partner"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.requirement("S1"), needs_pjsua2]

DEEP = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
BOMB = f'<!DOCTYPE mrs [<!ENTITY e0 "0">{DEEP}]><mrs><ref>&e9;</ref><snu>0</snu></mrs>'


@pytest.fixture
def port() -> int:
    """Where the desk speaks SIP."""
    return a_free_port()


@pytest.fixture
def known(
    port: int, partner: Partner, authority: Authority, desk_command: Callable[..., DeskProcess]
) -> Iterator[Centre]:
    """The partner's centre; the desk's process has had a sign of life confirmed by it."""
    desk_command("alarms", "--host", LOOPBACK, "--port", str(port))
    with centre("udp") as peer:
        AlarmCentre.objects.create(partner=partner, server=peer.address, controller="100", heartbeat_min=1440)
        eventually(lambda: AlarmMessage.objects.filter(state="received").exists(), "a sign of life", 20)
        yield peer


def message(body: str, *, method: str = "MESSAGE", length: int | None = None, branch: str = "1") -> bytes:
    """A SIP request of a stranger."""
    head = [
        f"{method} sip:kotiruutu@{LOOPBACK} SIP/2.0",
        f"Via: SIP/2.0/UDP {LOOPBACK}:9;branch=z9hG4bK{branch}",
        f"From: <sip:alarm@{LOOPBACK}>;tag=t",
        f"To: <sip:kotiruutu@{LOOPBACK}>",
        f"Call-ID: bad-{branch}",
        f"CSeq: 1 {method}",
        "Max-Forwards: 70",
        "Content-Type: application/scaip+xml",
        f"Content-Length: {len(body.encode()) if length is None else length}",
    ]
    return "\r\n".join([*head, "", body]).encode()


def bad() -> Iterator[bytes]:
    """Noise, requests that are cut off or lie about their length, and bodies that mean harm."""
    chance = random.Random(22)
    yield from (chance.randbytes(length) for length in (1, 100, 1400, 60_000))
    yield b"\r\n\r\n" * 100
    yield b"SIP/2.0 200 OK\r\n\r\n"
    whole = message(mrs("deadbeefdeadbeef", 0), branch="whole")
    yield from (whole[:length] for length in range(0, len(whole), 37))
    for number, (body, length) in enumerate(
        [("<mrs><ref>a", None), (BOMB, None), ("x" * 50_000, None), ("<mrs/>", 10**9), ("<mrs/>", -1)]
    ):
        yield message(body, length=length, branch=f"body{number}")
    for method in ("INVITE", "OPTIONS", "REGISTER", "SUBSCRIBE", "NONSENSE"):
        yield message("v=0\r\no=\r\n", method=method, branch=method)


def test_garbage_holds_up_no_alarm(resident: Resident, known: Centre, port: int) -> None:
    """Over UDP and TCP, from connections that stay open too: the next press is confirmed as ever."""
    with closing(socket.socket(type=socket.SOCK_DGRAM)) as datagrams:
        for each in bad():
            datagrams.sendto(each, (LOOPBACK, port))
    open_ones = []
    try:
        for each in bad():
            open_ones.append(socket.create_connection((LOOPBACK, port), 5))
            open_ones[-1].sendall(each)
        assert ways(press(resident)) == [("scaip", "delivered")]
    finally:
        for connection in open_ones:
            connection.close()
    assert len(known.real_alarms()) == 1


def test_a_confirmation_that_comes_twice_or_too_late_changes_nothing(
    resident: Resident, known: Centre, port: int
) -> None:
    """Said once more, for what was given up, or by somebody who guesses: what is settled stays settled."""
    known.answers += [0, 6, 6]
    assert ways(press(resident)) == [("scaip", "delivered")]
    first = AlarmMessage.objects.latest("pk")
    AlarmMessage.objects.filter(pk=first.pk).update(reason="as it was")
    second = press(resident, "two")
    assert ways(second)[0] == ("scaip", "failed")
    lost = AlarmMessage.objects.filter(request=second).first()
    assert lost
    with closing(socket.socket(type=socket.SOCK_DGRAM)) as datagrams:
        for number, (ref, status) in enumerate([(first.ref, 5), (first.ref, 0), (lost.ref, 0)]):
            datagrams.sendto(message(mrs(ref, status), branch=f"late{number}"), (LOOPBACK, port))
    third = press(resident, "three")
    assert ways(third) == [("scaip", "delivered")], "all before it was read by then"
    first.refresh_from_db()
    lost.refresh_from_db()
    assert (first.state, first.reason) == ("received", "as it was")
    assert lost.state == "failed"
    assert HelpStep.objects.get(request=second, way="scaip", attempt=1).outcome == "failed"
