"""What the installer reads on the device itself."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from device.contract.vital import DeviceHealth, Fault, PartHealth
from device.health.file import HealthFile
from provisioning.command import main

pytestmark = pytest.mark.requirement("K8")

MORNING = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)


def health(tmp_path: Path, text: bytes | None) -> int:
    if text is not None:
        (tmp_path / "health.json").write_bytes(text)
    return main(["health", "--data", str(tmp_path)])


def said(*parts: PartHealth, pid: int | None = None) -> bytes:
    return msgspec.json.encode(DeviceHealth(pid=pid or os.getpid(), parts=list(parts)))


def local(at: datetime) -> str:
    return f"{at.astimezone():%Y-%m-%d %H:%M}"


def test_a_healthy_device_is_said_to_be_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every fitted part, since when it works, and one sentence for all; the shell sees success."""
    assert health(tmp_path, said(PartHealth(part="modem", reason="", since=MORNING))) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines == [f"modem: works (since {local(MORNING)})", "Everything that is fitted works."]


def test_each_fault_is_a_line_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What does not work comes first, why, and since when."""
    modem = PartHealth(part="modem", reason="", since=MORNING)
    link = PartHealth(part="link", reason="no broker answers at its address", since=MORNING)
    assert health(tmp_path, said(modem, link)) == 1
    first, second = capsys.readouterr().out.splitlines()
    assert first == f"link: no broker answers at its address (since {local(MORNING)})"
    assert second.startswith("modem: works")


def test_a_device_that_does_not_run_is_not_called_well(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its last report is shown as such."""
    modem = PartHealth(part="modem", reason="", since=MORNING)
    assert health(tmp_path, said(modem, pid=2**22 + 1)) == 1
    words = capsys.readouterr().out
    assert words.startswith("The device is not running.")
    assert "Everything" not in words


@pytest.mark.parametrize("text", [None, b"", b"[{}]", b"\xff"])
def test_no_health_is_not_called_healthy(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: bytes | None
) -> None:
    """A file that is missing or broken is an error in words."""
    assert health(tmp_path, text) == 1
    assert "health.json" in capsys.readouterr().err


def test_since_when_outlasts_a_restart(tmp_path: Path) -> None:
    """A part that is as it was keeps its age; what broke or was mended has a new one."""
    path = tmp_path / "health.json"
    broken = [Fault(part="modem", reason="unplugged")]
    HealthFile(path, ["modem", "speaker"]).write(broken, MORNING)
    again, later = HealthFile(path, ["modem", "speaker"]), MORNING + timedelta(hours=1)
    again.write([Fault(part="modem", reason="no SIM")], later)
    assert _ages(path) == {"modem": MORNING, "speaker": MORNING}
    again.write([], later)
    assert _ages(path) == {"modem": later, "speaker": MORNING}


def _ages(path: Path) -> dict[str, datetime]:
    parts = msgspec.json.decode(path.read_bytes(), type=DeviceHealth).parts
    return {each.part: each.since for each in parts}
