import json
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hal.simulated import ControlServer, SimulatedButtons, SimulatedClock
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
    """What the command line presses, the program hears, and a test can read."""
    heard: list[str] = []
    buttons.listen(heard.append)
    assert ask(control, b'{"press": "help"}') == {"ok": True, "pressed": "help"}
    assert heard == ["help"]
    assert ask(control, b'{"history": "buttons"}') == {"ok": True, "history": ["help"]}


@pytest.mark.parametrize("line", [b'{"press": "escape"}', b'{"press": 7}', b"[]", b"no json", b"", b"\xff"])
def test_a_wrong_line_is_answered_with_what_is_wrong(control: Path, line: bytes) -> None:
    """And the next one still works."""
    answer = ask(control, line)
    assert answer["ok"] is False
    assert answer["error"]
    assert ask(control, b'{"press": "help"}')["ok"] is True


def test_a_closed_button_is_silent(buttons: SimulatedButtons) -> None:
    """Nothing is heard after the end."""
    heard: list[str] = []
    buttons.listen(heard.append)
    buttons.close()
    buttons.press("help")
    assert heard == []


def test_the_socket_belongs_to_its_user_alone(control: Path) -> None:
    """Nobody else on the machine presses buttons."""
    assert control.stat().st_mode & 0o077 == 0


def test_a_clock_in_the_hand_jumps_without_time_passing() -> None:
    """As NTP does."""
    clock = SimulatedClock(datetime(2026, 1, 1, tzinfo=UTC))
    before = clock.read()
    clock.jump(datetime(2027, 1, 1, tzinfo=UTC))
    assert clock.read().monotonic_s == before.monotonic_s
    clock.advance(60)
    assert clock.read().monotonic_s == before.monotonic_s + 60


def test_the_kernels_clocks_move_on_and_say_whether_they_are_true() -> None:
    """Two readings: later on both clocks, trusted as the kernel's discipline says."""
    clock = SystemClock(lambda: False)
    one, other = clock.read(), clock.read()
    assert one.wall.tzinfo is not None
    assert one.monotonic_s <= other.monotonic_s
    assert other.trusted is False
    assert isinstance(SystemClock().read().trusted, bool)
