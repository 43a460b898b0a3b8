"""Alarms over real SIP: the desk's process, strict centres over UDP, TCP and TLS, and sipp."""

import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from cloud.devices.models import Device, DeviceFault
from cloud.help import runner
from cloud.help.models import HelpRequest, HelpStep, Partner
from cloud.partner import device_faults
from cloud.partner.models import AlarmCentre, AlarmMessage, Registration
from cloud.people.models import CareSettings, Resident
from cloud.pki.authority import Authority
from tests.link.desk_process import DeskProcess
from tests.link.waiting import eventually
from tests.partner.sip_peer import Centre, Transport, centre, mrs, needs_pjsua2

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.requirement("S1"),
    pytest.mark.requirement("K12"),
    needs_pjsua2,
]

SIPP_CENTRE = Path(__file__).parent / "centre.sipp.xml"


@pytest.fixture
def partner(resident: Resident) -> Partner:
    """A partner who answers every alarm at once, and has mail as the next way."""
    return Partner.objects.create(organisation=resident.organisation, name="Turva", email="t@x.fi", after_s=0)


@pytest.fixture
def alarms(
    authority: Authority, desk_command: Callable[..., DeskProcess], monkeypatch: pytest.MonkeyPatch
) -> DeskProcess:
    """The SIP process; it trusts the desk's own authority."""
    monkeypatch.setenv("KOTIRUUTU_PARTNER_AUTHORITY", str(authority.certificate_file))
    return desk_command("alarms", "--host", "127.0.0.1", "--port", "0")


@contextmanager
def settled_centre(partner: Partner, transport: Transport, authority: Authority) -> Iterator[Centre]:
    """A centre that is the partner's, and has had its first sign of life."""
    with centre(transport, authority if transport == "tls" else None) as peer:
        AlarmCentre.objects.create(partner=partner, server=peer.address, controller="100")
        eventually(lambda: AlarmMessage.objects.filter(state="received").exists(), "a sign of life", 20)
        yield peer


def press(resident: Resident, id_: str = "one", source: str = "pendant") -> HelpRequest:
    """The resident asks for help; the ladder does what is due now."""
    device, _ = Device.objects.get_or_create(
        id="aaaaaaaaaaaaaaaa", organisation=resident.organisation, resident=resident
    )
    request = HelpRequest.objects.create(
        help_id=id_,
        organisation=resident.organisation,
        device=device,
        resident=resident,
        source=source,
        raised_at=timezone.now() - timedelta(seconds=1),
    )
    runner.advance(request.pk, timezone.now)
    return request


def faults_at(peer: Centre) -> list[dict[str, str]]:
    """Return the device faults that the centre received."""
    return [alarm for alarm in peer.alarms if alarm["mty"] == "IN"]


def ways(request: HelpRequest) -> list[tuple[str, str]]:
    """What was done of the ladder, and how it went."""
    steps = HelpStep.objects.filter(request=request).exclude(round=None).order_by("pk")
    return [(step.way, step.outcome) for step in steps]


@pytest.mark.parametrize("transport", ["udp", "tcp", "tls"])
def test_a_press_is_confirmed_by_the_centre(
    resident: Resident, partner: Partner, alarms: DeskProcess, authority: Authority, transport: Transport
) -> None:
    """Within a second of the press the ladder has the centre's confirmation, and the centre the resident."""
    with settled_centre(partner, transport, authority) as peer:
        request = press(resident)
        assert ways(request) == [("scaip", "delivered")]
        (alarm,) = peer.real_alarms()
        assert alarm["cid"] == Registration.of(resident).number
        assert (alarm["dty"], alarm["stc"]) == ("0003", "0010")
        assert set(peer.types) == {"application/scaip+xml"}


def test_what_a_dead_process_has_sent_is_given_up_at_once(
    resident: Resident, partner: Partner, desk_command: Callable[..., DeskProcess]
) -> None:
    """The next process says so at its start: the escalation need not wait for an answer that finds nobody."""
    server = "sip:alarm@127.0.0.1:9"
    centre_row = AlarmCentre.objects.create(partner=partner, server=server, controller="100")
    sent = AlarmMessage.objects.create(
        centre=centre_row, ref="a1", state="sent", servers=[server], created_at=timezone.now()
    )
    desk_command("alarms", "--host", "127.0.0.1", "--port", "0")

    def is_given_up() -> bool:
        sent.refresh_from_db()
        return sent.state == "failed"

    eventually(is_given_up, "it is given up", 20)
    assert "restarted" in sent.reason


def test_the_process_ends_in_order_while_a_centre_is_silent(
    resident: Resident, partner: Partner, alarms: DeskProcess
) -> None:
    """An update of the desk stops it at any moment: with a message under way too."""
    with centre("udp") as peer:
        peer.answers += [None] * 5
        AlarmCentre.objects.create(partner=partner, server=peer.address, controller="100")
        eventually(lambda: peer.alarms, "a sign of life that is not answered", 20)
        assert alarms.end() == 0, alarms.said()


def test_what_is_not_status_0_goes_to_the_next_way(
    resident: Resident, partner: Partner, alarms: DeskProcess, authority: Authority
) -> None:
    """Busy, then on hold: mail goes out, and nothing says "confirmed"."""
    with settled_centre(partner, "udp", authority) as peer:
        peer.answers += [6, 4]
        request = press(resident)
        assert [way for way, _ in ways(request)] == ["scaip", "email"]
        assert ways(request)[0][1] == "failed"
        assert HelpStep.objects.get(request=request, way="scaip").reason == "status 4"
        assert len(peer.real_alarms()) == 2


def test_forged_and_broken_answers_confirm_nothing(
    resident: Resident, partner: Partner, alarms: DeskProcess, authority: Authority
) -> None:
    """Answers to another alarm, cut off, or with entities are as silence; the second server confirms."""
    with settled_centre(partner, "udp", authority) as peer, centre("udp") as second:
        AlarmCentre.objects.update(second_server=second.address, heartbeat_min=1440)
        bomb = '<!DOCTYPE m [<!ENTITY a "1">]><mrs><ref>&a;</ref><snu>0</snu></mrs>'
        peer.answers += [mrs("deadbeefdeadbeef", 0), bomb]
        began = time.monotonic()
        request = press(resident)
        assert ways(request) == [("scaip", "delivered")]
        assert time.monotonic() - began <= 10
        message = AlarmMessage.objects.get(request=request)
        assert message.server == second.address
        assert len(second.real_alarms()) == 1


def test_a_dead_first_server_is_replaced_in_ten_seconds(
    resident: Resident, partner: Partner, alarms: DeskProcess, authority: Authority
) -> None:
    """Nothing listens at the first: the second has the alarm soon."""
    with centre("tcp") as second:
        AlarmCentre.objects.create(
            partner=partner,
            server="sip:alarm@127.0.0.1:9;transport=tcp",
            second_server=second.address,
            controller="100",
            answer="in-response",
        )
        second.in_response = True
        eventually(lambda: AlarmMessage.objects.filter(state="received").exists(), "a sign of life", 20)
        began = time.monotonic()
        request = press(resident)
        assert ways(request) == [("scaip", "delivered")]
        assert time.monotonic() - began <= 10


def test_without_the_process_the_next_way_is_taken(resident: Resident, partner: Partner) -> None:
    """A dead SIP process is found in seconds, and said."""
    AlarmCentre.objects.create(partner=partner, server="sip:alarm@127.0.0.1:9", controller="100")
    request = press(resident)
    assert [way for way, _ in ways(request)] == ["scaip", "email"]
    assert "does not run" in HelpStep.objects.get(request=request, way="scaip").reason


def test_a_lasting_fault_of_a_device_is_reported_once(
    resident: Resident, partner: Partner, alarms: DeskProcess, authority: Authority
) -> None:
    """Only of a monitored resident; battery, mains and the rest have codes of their own."""
    CareSettings.objects.update_or_create(resident=resident, defaults={"monitored": True})
    device = Device.objects.create(
        id="aaaaaaaaaaaaaaaa", organisation=resident.organisation, resident=resident
    )
    began = timezone.now() - timedelta(minutes=6)
    for part in ("battery", "microphone"):
        DeviceFault.objects.create(device=device, part=part, since=began)
    DeviceFault.objects.create(device=device, part="screen", since=timezone.now())
    with settled_centre(partner, "udp", authority) as peer:
        eventually(lambda: len(faults_at(peer)) == 2, "the faults are reported", 20)
        assert sorted((alarm["stc"], alarm["stt"]) for alarm in faults_at(peer)) == [
            ("0016", "battery"),
            ("0067", "microphone"),
        ]
        eventually(lambda: AlarmMessage.objects.filter(state="received").count() == 3, "confirmed")
        assert device_faults.put_new(timezone.now() + timedelta(minutes=1)) == 0


def test_sipp_as_the_centre(
    resident: Resident, partner: Partner, alarms: DeskProcess, tmp_path: Path
) -> None:
    """A centre that is none of our code answers in its response, and the alarm is confirmed."""
    port = 15_060 + (time.monotonic_ns() % 1000)
    command = ["sipp", "-sf", str(SIPP_CENTRE), "-i", "127.0.0.1", "-p", str(port), "-m", "2", "-nostdin"]
    sipp = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT)
    try:
        server = f"sip:alarm@127.0.0.1:{port}"
        AlarmCentre.objects.create(
            partner=partner,
            server=server,
            controller="100",
            answer="in-response",
            content_type="application/xml",
        )
        eventually(lambda: AlarmMessage.objects.filter(state="received").exists(), "a sign of life", 20)
        assert ways(press(resident)) == [("scaip", "delivered")]
        assert sipp.wait(timeout=10) == 0
    finally:
        if sipp.poll() is None:
            sipp.terminate()
            sipp.wait(timeout=10)
