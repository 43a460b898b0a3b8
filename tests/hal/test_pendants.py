"""One suite for all receivers: simulated, and the real adapter with a scripted stick."""

import queue
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hal import esp3
from hal.enocean_pendant import EnoceanPendants
from hal.ports import PendantPressed, Pendants
from hal.simulated import SimulatedPendants
from tests.hal.scripted_stick import ScriptedStick
from tests.link.waiting import eventually

AINO, NEIGHBOUR = "FEF71234", "0180ABCD"
Heard = queue.Queue[PendantPressed]


class SerialRig:
    """The real adapter and a scripted stick."""

    def __init__(self, folder: Path) -> None:
        self.stick = ScriptedStick(folder)
        self.stick.plug()
        self.pendants: Pendants = EnoceanPendants(str(self.stick.port), ask_s=0.1, answer_s=0.1, retry_s=0.02)
        self.press, self.unplug, self.plug = self.stick.press, self.stick.unplug, self.stick.plug

    def close(self) -> None:
        """Close the adapter and the stick."""
        self.pendants.close()
        self.stick.unplug()


class SimulatedRig:
    """The simulated receiver, controlled by the test."""

    def __init__(self) -> None:
        simulated = SimulatedPendants()
        self.pendants: Pendants = simulated
        self.press, self.unplug, self.plug = simulated.press, simulated.unplug, simulated.plug
        self.close = simulated.close


Rig = SerialRig | SimulatedRig


@pytest.fixture(params=["simulated", "serial"])
def rig(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rig]:
    rig = SimulatedRig() if request.param == "simulated" else SerialRig(tmp_path)
    eventually(lambda: rig.pendants.health() == "", "the receiver is ready")
    yield rig
    rig.close()


@pytest.fixture
def serial(tmp_path: Path) -> Iterator[SerialRig]:
    rig = SerialRig(tmp_path)
    eventually(lambda: rig.pendants.health() == "", "the receiver is ready")
    yield rig
    rig.close()


def watch(pendants: Pendants) -> Heard:
    heard: Heard = queue.Queue()
    pendants.watch(heard.put)
    return heard


@pytest.mark.requirement("S1")
def test_a_press_is_reported_once_with_its_sender(rig: Rig) -> None:
    """It is reported once even if its telegram is repeated."""
    heard = watch(rig.pendants)
    rig.press(AINO)
    rig.press(NEIGHBOUR)
    rig.press(AINO)
    assert [heard.get(timeout=5).sender for _ in range(3)] == [AINO, NEIGHBOUR, AINO]
    assert heard.empty()


def test_a_press_has_a_time_and_a_strength(rig: Rig) -> None:
    """For the log, and to find a better place for the receiver."""
    heard = watch(rig.pendants)
    rig.press(AINO)
    press = heard.get(timeout=5)
    assert press.monotonic_s > 0
    assert press.signal_dbm is not None
    assert -120 < press.signal_dbm < 0


@pytest.mark.requirement("S1", "K8")
def test_a_receiver_that_was_unplugged_is_used_again(rig: Rig) -> None:
    """Its health reports when it is unplugged."""
    heard = watch(rig.pendants)
    for _ in range(3):
        rig.unplug()
        eventually(lambda: rig.pendants.health() != "", "its health says so")
        rig.plug()
        eventually(lambda: rig.pendants.health() == "", "well again")
    rig.press(AINO)
    assert heard.get(timeout=5).sender == AINO


def test_noise_between_presses_does_no_harm(serial: SerialRig) -> None:
    """Garbage, half a telegram, a wrong checksum, a sync byte inside."""
    heard = watch(serial.pendants)
    whole = serial.stick.telegram(AINO, down=True)
    for noise in (b"\x00\x55\xff\x55\x55", whole[:9], whole[:-1] + b"\x00", b"\x55" * 30):
        serial.stick.say(noise)
        serial.press(AINO)
        assert heard.get(timeout=5).sender == AINO


def test_a_telegram_in_pieces_is_one(serial: SerialRig) -> None:
    """Serial lines split telegrams anywhere."""
    heard = watch(serial.pendants)
    for octet in serial.stick.telegram(AINO, down=True):
        serial.stick.say(bytes((octet,)))
    assert heard.get(timeout=5).sender == AINO


@pytest.mark.requirement("K8")
def test_a_stick_that_does_not_answer_is_a_fault(serial: SerialRig) -> None:
    """A stick that does not answer would receive no press."""
    serial.stick.mute = True
    eventually(lambda: "does not answer" in serial.pendants.health(), "its health says so")
    serial.stick.mute = False
    eventually(lambda: serial.pendants.health() == "", "well again")


def test_only_the_residents_own_are_reported_where_the_board_says_so(tmp_path: Path) -> None:
    """With a list of senders in the board file, a neighbour's pendant raises no help."""
    stick = ScriptedStick(tmp_path)
    stick.plug()
    pendants = EnoceanPendants(str(stick.port), [AINO.lower()], retry_s=0.02)
    heard = watch(pendants)
    eventually(lambda: pendants.health() == "", "the receiver is ready")
    stick.press(NEIGHBOUR)
    stick.press(AINO)
    assert heard.get(timeout=5).sender == AINO
    assert heard.empty()
    pendants.close()
    stick.unplug()


def test_the_question_to_the_stick_is_that_of_the_specification() -> None:
    """The constant has the bytes of ESP3's CO_RD_VERSION, with both checksums."""
    assert esp3.write(esp3.Kind.COMMAND, b"\x03") == esp3.ARE_YOU_THERE


@given(st.lists(st.tuples(st.integers(0, 255), st.binary(max_size=40), st.binary(max_size=10)), max_size=5))
def test_packets_are_read_as_written_whatever_the_pieces(packets: list[tuple[int, bytes, bytes]]) -> None:
    """Byte by byte or at once."""
    line = b"".join(esp3.write(*packet) for packet in packets)
    reader = esp3.Reader()
    assert [tuple(packet) for packet in esp3.Reader().read(line)] == packets
    assert [tuple(packet) for octet in line for packet in reader.read(bytes((octet,)))] == packets


@given(st.binary(max_size=60))
def test_no_noise_stops_the_reader(noise: bytes) -> None:
    """A press after any noise is read, at the second telegram at the latest."""
    press = esp3.write(esp3.Kind.RADIO, bytes.fromhex("F610FEF7123430"), bytes(7))
    reader = esp3.Reader()
    reader.read(noise)
    found = [packet for _ in range(40) for packet in reader.read(press)]
    assert any(esp3.read_rocker(packet) for packet in found)
