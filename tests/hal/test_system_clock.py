"""A clock that was synchronised once is trusted while its possible error is small (K4)."""

import time
from pathlib import Path

import pytest

from hal import system_clock
from hal.system_clock import TRUSTED_FOR_S, SystemClock

pytestmark = pytest.mark.requirement("K4")


class Kernel:
    """A simulated kernel whose time server disappears and whose time the test advances."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.synchronised = False
        self.boot = "boot one"
        self._since_boot_s = 1_000.0
        self.wall_s = 1.9e9
        monkeypatch.setattr(time, "clock_gettime", self._read)
        monkeypatch.setattr(system_clock, "_boot_id", lambda: self.boot)

    def is_synchronised(self) -> bool:
        return self.synchronised

    def pass_s(self, seconds: float) -> None:
        self._since_boot_s += seconds
        self.wall_s += seconds

    def _read(self, clock: int) -> float:
        return self.wall_s if clock == time.CLOCK_REALTIME else self._since_boot_s


@pytest.fixture
def kernel(monkeypatch: pytest.MonkeyPatch) -> Kernel:
    return Kernel(monkeypatch)


def test_a_clock_that_was_never_set_is_not_the_time(kernel: Kernel) -> None:
    """Until NTP has set the clock its time is not trusted, even where it looks plausible."""
    assert not SystemClock(kernel.is_synchronised).read().trusted


def test_nine_hours_without_a_time_server_are_no_reason_to_doubt(kernel: Kernel) -> None:
    """The kernel reports TIME_ERROR, but the clock is right within seconds, and the screen shows it."""
    clock = SystemClock(kernel.is_synchronised)
    kernel.synchronised = True
    assert clock.read().trusted
    kernel.synchronised = False
    kernel.pass_s(9 * 3600)
    assert clock.read().trusted
    kernel.pass_s(TRUSTED_FOR_S)
    assert not clock.read().trusted


def test_a_new_process_of_the_same_boot_knows_it_and_one_of_the_next_does_not(
    kernel: Kernel, tmp_path: Path
) -> None:
    """A restarted core still shows the day; a computer that was off must synchronise again."""
    memory = tmp_path / "clock"
    kernel.synchronised = True
    SystemClock(kernel.is_synchronised, memory).read()
    kernel.synchronised = False
    assert SystemClock(kernel.is_synchronised, memory).read().trusted
    kernel.boot = "boot two"
    assert not SystemClock(kernel.is_synchronised, memory).read().trusted


@pytest.mark.parametrize("set_by_s", [-1.9e9, -3600.0, 3600.0, 1e9])
@pytest.mark.parametrize("is_restarted", [False, True])
@pytest.mark.requirement("K16")
def test_a_clock_that_was_set_since_is_not_the_time(
    kernel: Kernel, tmp_path: Path, set_by_s: float, *, is_restarted: bool
) -> None:
    """Neither in this process nor in the next: it is not shown and locks nothing out, until NTP is back."""
    memory = tmp_path / "clock"
    kernel.synchronised = True
    clock = SystemClock(kernel.is_synchronised, memory)
    clock.read()
    kernel.synchronised = False
    kernel.pass_s(60)
    kernel.wall_s += set_by_s
    if is_restarted:
        clock = SystemClock(kernel.is_synchronised, memory)
    assert not clock.read().trusted
    kernel.synchronised = True
    assert clock.read().trusted


def test_a_clock_that_its_time_server_has_set_right_stays_right_in_the_next_process(
    kernel: Kernel, tmp_path: Path
) -> None:
    """A time server that was wrong at first is no reason to doubt what it says later."""
    memory = tmp_path / "clock"
    kernel.synchronised = True
    clock = SystemClock(kernel.is_synchronised, memory)
    clock.read()
    kernel.pass_s(5)
    kernel.wall_s += 3600
    clock.read()
    kernel.synchronised = False
    assert SystemClock(kernel.is_synchronised, memory).read().trusted


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        '{"boot": "boot one"}',
        '{"boot": "boot one", "at_s": 900}',
        '{"boot": "boot one", "at_s": "x", "ahead_s": 0}',
        '{"boot": "boot one", "at_s": 900, "ahead_s": NaN}',
    ],
)
def test_a_memory_that_cannot_be_read_is_none(kernel: Kernel, tmp_path: Path, content: str) -> None:
    """The process starts and waits for the time server."""
    memory = tmp_path / "clock"
    memory.write_text(content)
    assert not SystemClock(kernel.is_synchronised, memory).read().trusted


def test_a_disk_that_refuses_is_no_reason_to_stop(kernel: Kernel, tmp_path: Path) -> None:
    """The time stays trusted in this process."""
    kernel.synchronised = True
    assert SystemClock(kernel.is_synchronised, tmp_path / "missing" / "clock").read().trusted
