"""The alarm centre talks with the resident: a real telephone on one side, real WebRTC on the other (S1)."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from cloud.calls.models import Call
from cloud.devices.incoming import handle_event
from cloud.devices.models import Device, DeviceCommand
from cloud.help.models import HelpRequest, Partner
from cloud.organisations.models import Organisation
from cloud.partner import voice
from cloud.partner.models import AlarmCentre, AlarmMessage, OperatorStep, Registration
from cloud.people.models import Resident
from cloud.pki.authority import Authority
from device.contract.events import CallAnswered, CallConnected, CallDeclined
from provisioning.demo.ports import a_free_port
from tests.cloud.test_help_board import event
from tests.link.desk_process import DeskProcess
from tests.link.waiting import eventually
from tests.partner import telephone as baresip
from tests.partner.screen_end import TONE_HZ as RESIDENTS_HZ
from tests.partner.screen_end import ScreenEnd
from tests.partner.sip_peer import needs_pjsua2
from tests.partner.telephone import TONE_HZ as OPERATORS_HZ
from tests.partner.telephone import Telephone
from tests.partner.test_alarms_process import press, settled_centre

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.requirement("S1"), needs_pjsua2]


@pytest.fixture
def partner(resident: Resident) -> Partner:
    """A partner that is notified at once."""
    return Partner.objects.create(organisation=resident.organisation, name="Turva", email="t@x.fi", after_s=0)


@pytest.fixture
def port() -> int:
    """Where the desk speaks SIP."""
    return a_free_port()


@pytest.fixture
def alarms(port: int, authority: Authority, desk_command: Callable[..., DeskProcess]) -> DeskProcess:
    return desk_command("alarms", "--host", "127.0.0.1", "--port", str(port))


@pytest.fixture
def alarm(
    resident: Resident, partner: Partner, alarms: DeskProcess, authority: Authority, port: int
) -> Iterator[HelpRequest]:
    """An alarm that a centre has received, with where to call back; the screen is there."""
    with settled_centre(partner, "udp", authority) as peer:
        AlarmCentre.objects.update(voice=f"127.0.0.1:{port}")
        request = press(resident)
        Device.objects.update(online=True, certificate_pem="x")
        (alarm,) = peer.real_alarms()
        assert (alarm["cha"], alarm["crd"]) == ("1", called(resident, port))
        yield request


@pytest.fixture
def screen() -> Iterator[ScreenEnd]:
    end = ScreenEnd()
    yield end
    end.close()


def called(resident: Resident, port: int) -> str:
    """The address at which the centre reaches the resident."""
    return f"sip:{Registration.of(resident).number}@127.0.0.1:{port}"


def says(request: HelpRequest, what: CallAnswered | CallConnected | CallDeclined) -> None:
    handle_event(request.device, event(what))


def hear_each_other(request: HelpRequest, screen: ScreenEnd, phone: Telephone) -> dict[str, Any]:
    """The screen rings and is answered; both tones come through. Returns the command to ring."""
    rings = DeviceCommand.objects.filter(body__kind="ring")
    eventually(rings.exists, "the screen rings", 20)
    ring: dict[str, Any] = rings.get().body
    says(request, CallAnswered(call_id=ring["call_id"], answer=screen.answer(ring["offer"])))
    says(request, CallConnected(call_id=ring["call_id"]))
    eventually(lambda: near(screen.heard_hz(), OPERATORS_HZ), "the resident hears the operator", 20)
    eventually(lambda: near(phone.heard_hz(), RESIDENTS_HZ), "the operator hears the resident", 20)
    assert OperatorStep.objects.get(kind="called").who == "Turva"
    return ring


def near(found_hz: float, wanted_hz: float) -> bool:
    """Whether this is the tone."""
    return abs(found_hz - wanted_hz) < 15


def test_the_centre_and_the_resident_hear_each_other(
    alarm: HelpRequest, resident: Resident, port: int, screen: ScreenEnd, tmp_path: Path
) -> None:
    """The screen rings as for the person who answers help; both tones come through; hanging up ends it."""
    with baresip.telephone(tmp_path / "phone", a_free_port(), called(resident, port)) as phone:
        ring = hear_each_other(alarm, screen, phone)
        assert (ring["name"], ring["answers_help"]) == ("Turva", True)
    eventually(lambda: Call.objects.get().state == "ended", "the desk knows that it is over", 20)
    assert Call.objects.get().why == "caller"


def test_a_resident_who_refuses_is_heard_at_the_centre(
    alarm: HelpRequest, resident: Resident, port: int, tmp_path: Path
) -> None:
    """SIP says 603; nothing is left open."""
    with baresip.telephone(tmp_path / "phone", a_free_port(), called(resident, port)) as phone:
        eventually(lambda: DeviceCommand.objects.filter(body__kind="ring").exists(), "the screen rings", 20)
        says(alarm, CallDeclined(call_id=Call.objects.get().pk, why="refused"))
        eventually(lambda: "603" in phone.said(), "the telephone is refused", 20)
    assert Call.objects.get().why == "refused"


def test_only_the_centre_that_has_the_open_alarm_gets_through(resident: Resident, partner: Partner) -> None:
    """Another address, another number, a closed alarm, a centre without voice: refused."""
    number = Registration.of(resident).number
    own = AlarmCentre.objects.create(
        partner=partner, server="sip:a@127.0.0.1:5060", controller="100", voice="x:1"
    )
    request = press(resident)
    message = AlarmMessage.objects.latest("pk")
    AlarmMessage.objects.filter(pk=message.pk).update(state="received")
    assert voice.admitted(f"sip:{number}@desk", "127.0.0.1") == (own, request)
    for called_address, source, code in (
        (f"sip:{number}@desk", "192.0.2.1", 403),
        ("sip:999@desk", "127.0.0.1", 404),
        ("sip:alarm@desk", "127.0.0.1", 404),
    ):
        with pytest.raises(voice.Refused) as refused:
            voice.admitted(called_address, source)
        assert refused.value.code == code
    for change in (
        lambda: AlarmCentre.objects.update(voice=""),
        lambda: (AlarmCentre.objects.update(voice="x:1"), AlarmMessage.objects.update(state="failed")),
        lambda: (
            AlarmMessage.objects.update(state="received"),
            HelpRequest.objects.update(closed_at=timezone.now()),
        ),
    ):
        change()
        with pytest.raises(voice.Refused):
            voice.admitted(f"sip:{number}@desk", "127.0.0.1")


def test_each_centre_that_has_the_alarm_gets_through(resident: Resident, partner: Partner) -> None:
    """Two partners have received it: either may call, as itself. A third that has not may not."""
    number = Registration.of(resident).number
    request = press(resident)
    AlarmMessage.objects.all().delete()
    centres = []
    for last in (1, 2, 3):
        other = Partner.objects.create(organisation=Organisation.objects.create(name=f"{last}"), name="Turva")
        server = f"sip:a@127.0.0.{last}:5060"
        centre = AlarmCentre.objects.create(partner=other, server=server, controller="100", voice="x:1")
        centres.append(centre)
        AlarmMessage.objects.create(
            centre=centre,
            request=request,
            ref=str(last),
            status="0",
            body="",
            servers=[server],
            state="failed" if last == 3 else "received",
            created_at=timezone.now(),
        )
    for last in (1, 2):
        assert voice.admitted(f"sip:{number}@desk", f"127.0.0.{last}") == (centres[last - 1], request)
    with pytest.raises(voice.Refused):
        voice.admitted(f"sip:{number}@desk", "127.0.0.3")
