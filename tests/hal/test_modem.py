"""One suite for all modems: simulated, and the real adapter with a scripted modem."""

import queue
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hal.at_modem import AtModem, Timing
from hal.ports import (
    Modem,
    ModemEvent,
    Registration,
    Sim,
    SmsDelivered,
    SmsFailed,
    SmsReceived,
    SmsSent,
)
from hal.simulated import Network, SimulatedModem
from tests.hal.scripted_modem import ScriptedModem, read_submit
from tests.link.waiting import eventually

ANNA = "+358401234567"
QUICK = Timing(answer_s=1.0, send_s=1.0, look_s=0.2, retry_s=0.02, attempts=3)


class SimulatedRig:
    """The simulated modem, controlled by the test."""

    modem: Modem

    def __init__(self) -> None:
        self.modem = self._modem = SimulatedModem()
        self.be = self._modem.be
        self.unplug: Callable[[], None] = self._modem.unplug
        self.plug = self._modem.plug

    def receive(self, text: str) -> None:
        """Simulate an incoming message from Anna."""
        self._modem.receive(ANNA, text)

    def sent(self) -> list[tuple[str, str]]:
        """Return numbers and texts of sent messages."""
        return [(str(entry[1]), str(entry[2])) for entry in self._modem.history if entry[0] == "send"]

    def close(self) -> None:
        self._modem.close()


class SerialRig:
    """The real adapter and a scripted modem."""

    modem: Modem

    def __init__(self, folder: Path) -> None:
        self.device = ScriptedModem(folder)
        self.plug = self.device.plug
        self.unplug = self.device.unplug
        self.plug()
        self.modem = AtModem(str(self.device.port), timing=QUICK)

    def be(self, network: Network) -> None:
        self.device.refuse = "+CMS ERROR: 38" if network is Network.REFUSES else None
        self.device.report_status = 0x00 if network is Network.DELIVERS else None
        self.device.silent_after_pdu = network is Network.SILENT

    def receive(self, text: str) -> None:
        """Simulate an incoming message from Anna."""
        self.device.receive(ANNA, text)

    def sent(self) -> list[tuple[str, str]]:
        """Return numbers and texts of sent messages."""
        parts = [read_submit(body) for body in self.device.sent]
        return [(parts[0][0], "".join(part.text for _, part in parts))] if parts else []

    def close(self) -> None:
        """Close the adapter and the scripted modem."""
        self.modem.close()
        self.device.unplug()


Rig = SimulatedRig | SerialRig


@pytest.fixture(params=["simulated", "serial"])
def rig(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rig]:
    rig: Rig = SimulatedRig() if request.param == "simulated" else SerialRig(tmp_path)
    eventually(lambda: rig.modem.state().ready, "the modem is ready")
    yield rig
    rig.close()


@pytest.fixture
def heard(rig: Rig) -> "queue.Queue[ModemEvent]":
    events: queue.Queue[ModemEvent] = queue.Queue()
    rig.modem.watch(events.put)
    return events


Heard = queue.Queue[ModemEvent]
LONG = "Mummo painoi apua-nappia klo 03:12. Vastaa TULEN, jos lähdet. " * 5 + "😀"


@pytest.mark.requirement("K3")
@pytest.mark.parametrize("text", ["Apua! Aino Öhman, huone 3", LONG, ""])
def test_a_message_is_sent_then_delivered(rig: Rig, heard: Heard, text: str) -> None:
    """Of any length and script; first accepted by the network, then delivered to the phone."""
    rig.modem.send(ANNA, text, "m1")
    assert heard.get(timeout=5) == SmsSent("m1")
    assert heard.get(timeout=5) == SmsDelivered("m1")
    assert rig.sent() == [(ANNA, text)]


@pytest.mark.requirement("K3")
def test_taken_by_the_network_is_not_delivered(rig: Rig, heard: Heard) -> None:
    """Without a delivery report, no delivery is reported."""
    rig.be(Network.TAKES)
    rig.modem.send(ANNA, "Apua", "m1")
    rig.modem.send(ANNA, "Apua", "m2")
    assert [heard.get(timeout=5), heard.get(timeout=5)] == [SmsSent("m1"), SmsSent("m2")]


@pytest.mark.requirement("K3")
def test_a_refused_message_has_failed_and_the_next_one_works(rig: Rig, heard: Heard) -> None:
    """The reason is in words."""
    rig.be(Network.REFUSES)
    rig.modem.send(ANNA, "Apua", "m1")
    failed = heard.get(timeout=5)
    assert isinstance(failed, SmsFailed)
    assert failed.id == "m1"
    assert "network" in failed.reason
    rig.be(Network.DELIVERS)
    rig.modem.send(ANNA, "Apua", "m2")
    assert heard.get(timeout=5) == SmsSent("m2")


@pytest.mark.requirement("K3")
def test_without_a_modem_a_message_fails_at_once(rig: Rig, heard: Heard) -> None:
    """The failure is reported at once, without waiting for a modem to be plugged in."""
    rig.unplug()
    eventually(lambda: not rig.modem.state().present, "the modem is missed")
    assert rig.modem.health()
    rig.modem.send(ANNA, "Apua", "m1")
    failed = heard.get(timeout=1)
    assert isinstance(failed, SmsFailed)
    assert failed.reason.startswith("no modem")


@pytest.mark.requirement("K3", "K8")
def test_a_modem_that_is_back_is_used_again(rig: Rig, heard: Heard) -> None:
    """Nothing has to be restarted."""
    for _ in range(3):
        rig.unplug()
        eventually(lambda: rig.modem.health() != "", "its health says so")
        rig.plug()
        eventually(lambda: rig.modem.state().ready, "the modem is ready again")
        assert rig.modem.health() == ""
    rig.modem.send(ANNA, "Apua", "m1")
    assert heard.get(timeout=5) == SmsSent("m1")


@pytest.mark.requirement("K3")
@pytest.mark.parametrize("text", ["TULEN 4711", LONG])
def test_a_message_comes_in(rig: Rig, heard: Heard, text: str) -> None:
    """The whole text is reported with its sender."""
    rig.receive(text)
    received = heard.get(timeout=5)
    assert isinstance(received, SmsReceived)
    assert (received.number, received.text) == (ANNA, text)
    assert received.sent_at.tzinfo is not None


@pytest.mark.requirement("K8")
def test_state_is_known(rig: Rig) -> None:
    """SIM, network and signal are reported."""
    state = rig.modem.state()
    assert (state.sim, state.registration, state.signal_dbm) == (Sim.READY, Registration.HOME, -75)
    assert rig.modem.health() == ""


def test_a_listener_that_raises_stops_nothing(rig: Rig) -> None:
    """The next event is reported all the same."""
    reported: queue.Queue[ModemEvent] = queue.Queue()

    def fail(event: ModemEvent) -> None:
        reported.put(event)
        raise RuntimeError("as programs do")

    rig.modem.watch(fail)
    rig.modem.send(ANNA, "Apua", "m1")
    assert [reported.get(timeout=5), reported.get(timeout=5)] == [SmsSent("m1"), SmsDelivered("m1")]


def test_closing_twice_does_no_harm(rig: Rig) -> None:
    """The port allows a second close, which does not raise."""
    rig.modem.close()
    rig.modem.close()
