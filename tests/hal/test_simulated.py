import json
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hal.board import BoardConfig
from hal.fitting import build
from hal.ports import PARTS, Action, ButtonEvent, Ended, PendantPressed, Sound
from hal.simulated import ControlServer, SimulatedButtons, SimulatedClock, SimulatedHardware
from hal.system_clock import SystemClock


@pytest.fixture
def buttons() -> SimulatedButtons:
    return SimulatedButtons()


@pytest.fixture
def control(tmp_path: Path, buttons: SimulatedButtons) -> Iterator[Path]:
    server = ControlServer(tmp_path / "sim.sock", buttons)
    yield tmp_path / "sim.sock"
    server.close()


def ask(path: Path, line: bytes) -> dict[str, object]:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(path))
        connection.sendall(line + b"\n")
        with connection.makefile() as answers:
            answer: dict[str, object] = json.loads(answers.readline())
    return answer


def test_a_press_reaches_the_listener_and_the_history(control: Path, buttons: SimulatedButtons) -> None:
    """A press from the command line is reported to the program and recorded for the test."""
    heard: list[str] = []
    buttons.listen(heard.append)
    assert ask(control, b'{"press": "help"}') == {"ok": True, "pressed": "help"}
    assert heard == ["help"]
    assert ask(control, b'{"history": "buttons"}') == {"ok": True, "history": ["help"]}


@pytest.mark.parametrize("line", [b'{"press": "escape"}', b'{"press": 7}', b"[]", b"no json", b"", b"\xff"])
def test_a_wrong_line_is_answered_with_what_is_wrong(control: Path, line: bytes) -> None:
    """The next command still works."""
    answer = ask(control, line)
    assert answer["ok"] is False
    assert answer["error"]
    assert ask(control, b'{"press": "help"}')["ok"] is True


def test_a_closed_button_is_silent(buttons: SimulatedButtons) -> None:
    """No event is reported after ``close``."""
    heard: list[str] = []
    buttons.listen(heard.append)
    buttons.close()
    buttons.press("help")
    assert heard == []


def test_the_socket_belongs_to_its_user_alone(control: Path) -> None:
    """Other users of the machine cannot press buttons."""
    assert control.stat().st_mode & 0o077 == 0


def test_a_clock_in_the_hand_jumps_without_time_passing() -> None:
    """Setting the wall time leaves the monotonic time alone, as NTP does."""
    clock = SimulatedClock(datetime(2026, 1, 1, tzinfo=UTC))
    before = clock.read()
    clock.jump(datetime(2027, 1, 1, tzinfo=UTC))
    assert clock.read().monotonic_s == before.monotonic_s
    clock.advance(60)
    assert clock.read().monotonic_s == before.monotonic_s + 60


def test_the_kernels_clocks_move_on_and_say_whether_they_are_true() -> None:
    """Two readings: both clocks advance, and are trusted as the kernel's discipline reports."""
    clock = SystemClock(lambda: False)
    one, other = clock.read(), clock.read()
    assert one.wall.tzinfo is not None
    assert one.monotonic_s <= other.monotonic_s
    assert other.trusted is False
    assert isinstance(SystemClock().read().trusted, bool)


@pytest.fixture
def hardware() -> SimulatedHardware:
    return SimulatedHardware.make()


@pytest.fixture
def whole(tmp_path: Path, hardware: SimulatedHardware) -> Iterator[Path]:
    server = ControlServer(tmp_path / "sim.sock", hardware)
    yield tmp_path / "sim.sock"
    server.close()


def do(path: Path, **line: object) -> dict[str, object]:
    answer = ask(path, json.dumps(line).encode())
    assert answer["ok"] is True, answer
    return answer


@pytest.mark.requirement("K11")
def test_a_button_is_held_until_it_is_released(whole: Path, hardware: SimulatedHardware) -> None:
    """The button stays down between the two commands."""
    heard: list[ButtonEvent] = []
    hardware.buttons.watch(heard.append)
    do(whole, hold="help")
    assert [event.action for event in heard] == [Action.PRESSED, Action.HELD]
    assert "help" in hardware.buttons.pressed_since()
    do(whole, release="help")
    assert heard[-1].action is Action.RELEASED


@pytest.mark.requirement("K11")
def test_pendants_messages_and_power_are_driven(whole: Path, hardware: SimulatedHardware) -> None:
    """Each is controlled by one command."""
    pressed: list[PendantPressed] = []
    hardware.pendants.watch(pressed.append)
    do(whole, pendant="fef71234")
    assert pressed[0].sender == "FEF71234"
    do(whole, sms_in={"number": "+358401234567", "text": "TULEN"})
    assert do(whole, history="modem")["history"] == [["receive", "+358401234567", "TULEN"]]
    do(whole, power="lost")
    do(whole, battery=0.1)
    assert hardware.power.state().low
    do(whole, power="back")
    assert not hardware.power.state().low


@pytest.mark.requirement("K11")
def test_the_speaker_is_asked_and_finished(whole: Path, hardware: SimulatedHardware) -> None:
    """A command lists what was played and ends it."""
    ended: list[Ended] = []
    hardware.speaker.watch(ended.append)
    hardware.speaker.say("Apu on tulossa", "fi")
    hardware.speaker.stream("http://radio")
    assert do(whole, history="speaker")["history"] == [
        ["say", "Apu on tulossa", "fi"],
        ["stream", "http://radio"],
    ]
    do(whole, finish="speech")
    do(whole, finish="stream", reason="it broke off")
    assert ended == [Ended(Sound.SPEECH), Ended(Sound.STREAM, "it broke off")]


@pytest.mark.requirement("K8", "K11")
@pytest.mark.parametrize("part", PARTS)
def test_any_part_can_be_pulled_out_and_put_back(whole: Path, part: str) -> None:
    """Its health reports it; the others are healthy."""
    do(whole, unplug=part, reason="the cat")
    health = do(whole, health=True)["health"]
    assert isinstance(health, dict)
    assert {name: reason for name, reason in health.items() if reason} == {part: "the cat"}
    do(whole, plug=part)
    health = do(whole, health=True)["health"]
    assert isinstance(health, dict)
    assert not any(health.values())


@pytest.mark.requirement("K8", "K11")
def test_sim_network_and_ear_can_fail(whole: Path, hardware: SimulatedHardware) -> None:
    """The nightly self-test must detect each fault."""
    do(whole, sim="missing")
    assert hardware.modem.health() == "the SIM is missing"
    do(whole, sim="ready")
    do(whole, registration="searching")
    assert "searching" in hardware.modem.health()
    do(whole, network="refuses")
    do(whole, mute=True)
    hardware.speaker.play(Sound.SELF_TEST, loop=True)
    assert not hardware.microphone.listen_for(880.0).heard


@pytest.mark.parametrize(
    "line",
    [
        {"unplug": "cat"},
        {"history": 7},
        {"pendant": "AINO"},
        {"power": "half"},
        {"battery": 7},
        {"battery": "full"},
        {"sms_in": {"number": "+358"}},
        {"sms_in": "hello"},
        {"network": "5G"},
        {"finish": "symphony"},
        {},
    ],
)
def test_a_line_that_makes_no_sense_is_answered(whole: Path, line: dict[str, object]) -> None:
    """The error is returned to the client."""
    answer = ask(whole, json.dumps(line).encode())
    assert answer["ok"] is False
    assert answer["error"]


def test_many_lines_on_one_connection(whole: Path) -> None:
    """Each gets a response, in order."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(whole))
        connection.sendall(b'{"press": "help"}\n' * 3)
        with connection.makefile() as answers:
            assert [json.loads(answers.readline())["ok"] for _ in range(3)] == [True] * 3


def test_real_parts_are_left_alone(tmp_path: Path) -> None:
    """A board may mix both kinds; only simulated ones are controlled."""
    server = ControlServer(tmp_path / "sim.sock", build(BoardConfig()))
    answer = ask(tmp_path / "sim.sock", b'{"press": "help"}')
    server.close()
    assert answer == {"ok": False, "error": "this device's buttons: not simulated"}
