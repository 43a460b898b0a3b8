"""An alarm centre behind an edge of its own: Kamailio of Debian, where both ends show a certificate."""

import shutil
import socket
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cloud.calls.models import Call
from cloud.devices.models import Device
from cloud.help.models import Partner
from cloud.partner.models import AlarmCentre, AlarmMessage
from cloud.people.models import Resident
from cloud.pki.authority import Authority
from provisioning.demo.ports import a_free_port
from tests.link.desk_process import DeskProcess
from tests.link.waiting import eventually
from tests.partner import telephone as baresip
from tests.partner.kamailio import Edge, Trust, edge
from tests.partner.screen_end import ScreenEnd
from tests.partner.sip_peer import Centre, centre, needs_pjsua2
from tests.partner.test_alarms_process import press, ways
from tests.partner.test_voice import called, hear_each_other

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.requirement("S1"),
    pytest.mark.requirement("K12"),
    needs_pjsua2,
    pytest.mark.skipif(
        not (shutil.which("kamailio") or Path("/usr/sbin/kamailio").exists()),
        reason="NOT TESTED: an alarm centre's edge with TLS; Debian's package kamailio is not here",
    ),
]


@pytest.fixture
def port() -> int:
    """Where the desk speaks SIP; by TLS at the next."""
    return a_free_port()


@pytest.fixture
def trust(tmp_path: Path) -> Trust:
    """What desk and edge know each other by."""
    return Trust.make(tmp_path / "trust")


@pytest.fixture
def alarms(
    port: int,
    authority: Authority,
    trust: Trust,
    desk_command: Callable[..., DeskProcess],
    monkeypatch: pytest.MonkeyPatch,
) -> DeskProcess:
    """The SIP process with a certificate of its own, which asks every client for one."""
    monkeypatch.setenv("KOTIRUUTU_PARTNER_AUTHORITY", str(trust.authority))
    monkeypatch.setenv("KOTIRUUTU_SIP_CERTIFICATE", str(trust.certificate))
    monkeypatch.setenv("KOTIRUUTU_SIP_KEY", str(trust.key))
    monkeypatch.setenv("KOTIRUUTU_SIP_CLIENTS_NEED_CERTIFICATE", "1")
    return desk_command("alarms", "--host", "127.0.0.1", "--port", str(port))


@pytest.fixture
def behind(
    resident: Resident, alarms: DeskProcess, trust: Trust, port: int, tmp_path: Path
) -> Iterator[tuple[Edge, Centre]]:
    """The partner's centre behind its edge, which has passed the first sign of life."""
    partner = Partner.objects.create(
        organisation=resident.organisation, name="Turva", email="t@x.fi", after_s=0
    )
    with centre("udp") as peer, edge(tmp_path / "edge", trust, peer.port, port + 1) as between:
        AlarmCentre.objects.create(
            partner=partner,
            server=between.address,
            controller="100",
            voice=f"localhost:{between.port};transport=tls",
        )
        eventually(
            lambda: AlarmMessage.objects.filter(state="received").exists(),
            "a sign of life",
            20,
        )
        yield between, peer


def test_an_alarm_goes_in_by_tls_and_its_answer_comes_back_by_tls(
    resident: Resident, behind: tuple[Edge, Centre]
) -> None:
    """Confirmed by the centre's own message, which the edge carries to the desk's certificate."""
    between, peer = behind
    request = press(resident)
    assert ways(request) == [("scaip", "delivered")]
    assert len(peer.real_alarms()) == 1
    assert between.took().count("MESSAGE by tls") >= 2
    assert between.took().count("MESSAGE by udp") >= 2


def test_an_edge_that_nobody_has_vouched_for_gets_no_alarm(
    resident: Resident, behind: tuple[Edge, Centre], port: int, tmp_path: Path
) -> None:
    """With a certificate of another authority it is as silent as a dead server: mail goes out."""
    _between, peer = behind
    with edge(tmp_path / "false", Trust.make(tmp_path / "other"), peer.port, port + 1) as false:
        AlarmCentre.objects.update(server=false.address)
        request = press(resident)
        assert [way for way, _ in ways(request)] == ["scaip", "email"]
        assert false.took() == []
    assert peer.real_alarms() == []


def test_without_a_certificate_of_the_centre_nobody_gets_a_connection(
    behind: tuple[Edge, Centre], trust: Trust, port: int, tmp_path: Path
) -> None:
    """Neither without one nor with a stranger's; what they say by it is not read."""
    stranger = Trust.make(tmp_path / "stranger")
    for shown, is_let_in in ((None, False), (stranger, False), (trust, True)):
        context = ssl.create_default_context(cafile=str(trust.authority))
        if shown:
            context.load_cert_chain(shown.certificate, shown.key)
        assert _is_answered(context, port + 1) == is_let_in


def _is_answered(context: ssl.SSLContext, port: int) -> bool:
    """Whether the desk's SIP endpoint answers a question by this connection."""
    question = (
        "OPTIONS sip:kotiruutu@localhost SIP/2.0\r\nVia: SIP/2.0/TLS localhost;branch=z9hG4bKask\r\n"
        "From: <sip:a@localhost>;tag=1\r\nTo: <sip:kotiruutu@localhost>\r\nCall-ID: ask\r\n"
        "CSeq: 1 OPTIONS\r\n"
        "Max-Forwards: 10\r\nContent-Length: 0\r\n\r\n"
    )
    with socket.create_connection(("localhost", port), 10) as plain:
        try:
            with context.wrap_socket(plain, server_hostname="localhost") as connection:
                connection.sendall(question.encode())
                return connection.recv(100).startswith(b"SIP/2.0 ")
        except (ssl.SSLError, ConnectionError):
            return False


def test_both_hear_each_other_encrypted(
    resident: Resident, behind: tuple[Edge, Centre], trust: Trust, tmp_path: Path
) -> None:
    """Called by TLS through the edge, with sound as SRTP only; both tones come through."""
    between, _peer = behind
    request = press(resident)
    Device.objects.update(online=True, certificate_pem="x")
    number = called(resident, between.port)
    screen = ScreenEnd()
    folder = tmp_path / "phone"
    try:
        own = trust.certificate.read_text() + trust.key.read_text()
        with baresip.telephone(folder, a_free_port(), number, trust.authority, own) as phone:
            hear_each_other(request, screen, phone)
        eventually(lambda: Call.objects.get().state == "ended", "the desk knows that it is over", 20)
    finally:
        screen.close()
    assert "INVITE by tls" in between.took()
