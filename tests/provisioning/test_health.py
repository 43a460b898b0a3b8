from pathlib import Path

import pytest

from provisioning.command import main


def health(tmp_path: Path, text: bytes | None) -> int:
    if text is not None:
        (tmp_path / "health.json").write_bytes(text)
    return main(["health", "--data", str(tmp_path)])


def test_a_healthy_device_is_said_to_be_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The installer reads one sentence and the shell sees success."""
    assert health(tmp_path, b"[]") == 0
    assert capsys.readouterr().out == "Everything that is fitted works.\n"


def test_each_fault_is_a_line_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What does not work, and why."""
    assert health(tmp_path, b'[{"part":"link","reason":"no broker answers at its address"}]') == 1
    assert capsys.readouterr().out == "link: no broker answers at its address\n"


@pytest.mark.parametrize("text", [None, b"", b"[{}]", b"\xff"])
def test_no_health_is_not_called_healthy(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: bytes | None
) -> None:
    """A file that is missing or broken is an error in words."""
    assert health(tmp_path, text) == 1
    assert "health.json" in capsys.readouterr().err
