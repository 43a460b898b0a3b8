"""Driving the simulated hardware from the command line."""

from pathlib import Path

import pytest

from hal.simulated import ControlServer, SimulatedButtons
from provisioning.command import main


def test_a_press_reaches_the_simulated_button(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """``kotiruutu sim press help`` is a finger on the button; a button that is not there is named."""
    buttons = SimulatedButtons()
    server = ControlServer(tmp_path / "control", buttons)
    try:
        assert main(["sim", "press", "help", "--control", str(tmp_path / "control")]) == 0
        assert main(["sim", "press", "tea", "--control", str(tmp_path / "control")]) == 1
    finally:
        server.close()
    assert buttons.history == ["help"]
    assert "there is no button 'tea'" in capsys.readouterr().out


def test_without_a_device_it_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No socket, or none that is named."""
    monkeypatch.delenv("KOTIRUUTU_SIM_SOCKET", raising=False)
    assert main(["sim", "press", "help"]) == 1
    assert main(["sim", "press", "help", "--control", str(tmp_path / "nothing")]) == 1
    said = capsys.readouterr().err
    assert "KOTIRUUTU_SIM_SOCKET" in said
    assert "does not answer" in said
