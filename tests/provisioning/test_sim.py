"""Driving the simulated hardware from the command line."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hal.ports import Registration, Sim, Sound
from hal.simulated import ControlServer, SimulatedHardware
from hal.simulated.commands import VERBS
from provisioning.command import main


class Device:
    """Simulated hardware behind its socket, and the command beside it."""

    def __init__(self, socket: Path) -> None:
        self.hardware = SimulatedHardware.make()
        self.socket = socket

    def sim(self, *words: str) -> int:
        return main(["sim", *words, "--control", str(self.socket)])


@pytest.fixture
def device(tmp_path: Path) -> Iterator[Device]:
    device = Device(tmp_path / "control")
    server = ControlServer(device.socket, device.hardware)
    yield device
    server.close()


def test_a_press_reaches_the_simulated_button(device: Device, capsys: pytest.CaptureFixture[str]) -> None:
    """``kotiruutu sim press help`` is a finger on the button; a button that is not there is named."""
    assert device.sim("press", "help") == 0
    assert device.sim("press", "tea") == 1
    assert device.hardware.buttons.history == ["help"]
    assert "there is no button 'tea'" in capsys.readouterr().err


def test_every_verb_of_the_socket_has_a_command(capsys: pytest.CaptureFixture[str]) -> None:
    """What the hardware understands, a hand can type."""
    with pytest.raises(SystemExit):
        main(["sim", "--help"])
    shown = capsys.readouterr().out
    assert [verb for verb in VERBS if verb.replace("_", "-") not in shown] == []


def test_each_verb_does_what_it_says(device: Device) -> None:
    """Every part is driven by words."""
    hardware = device.hardware
    for line in (
        "hold help", "release help", "pendant FEF71234",
        "network silent", "sim missing", "registration denied",
        "power lost", "battery 0.1", "mute yes", "unplug lights --reason cat", "sms-in +358401234567 TULEN",
    ):  # fmt: skip
        assert device.sim(*line.split()) == 0
    assert hardware.pendants.history == [("press", "FEF71234")]
    assert (hardware.modem.state().sim, hardware.modem.state().registration) == (
        Sim.MISSING,
        Registration.DENIED,
    )
    assert hardware.power.state().low
    assert hardware.microphone.muted
    assert hardware.lights.health() == "cat"
    assert hardware.modem.history == [("receive", "+358401234567", "TULEN")]
    assert device.sim("plug", "lights") == device.sim("mute", "no") == 0
    assert hardware.lights.health() == ""
    assert not hardware.microphone.muted


def test_what_happened_can_be_read(device: Device, capsys: pytest.CaptureFixture[str]) -> None:
    """A line for each entry; the health in words."""
    device.hardware.speaker.play(Sound.RING, loop=True)
    device.sim("history", "speaker")
    assert capsys.readouterr().out == "loop ring\n"
    device.sim("unplug", "modem")
    device.sim("health")
    shown = capsys.readouterr().out.splitlines()
    assert "modem: unplugged" in shown
    assert "speaker: works" in shown


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["unplug", "kettle"], "there is no part 'kettle'"),
        (["power", "sometimes"], "lost"),
        (["battery", "7"], "a battery holds 0 to 1"),
        (["battery", "full"], "could not convert"),
        (["mute", "perhaps"], "yes or no"),
        (["pendant", "cafe"], "expected eight hex digits"),
        (["network", "maybe"], "maybe"),
        (["finish", "the world"], "the world"),
    ],
)
def test_what_cannot_be_done_is_said(
    device: Device, capsys: pytest.CaptureFixture[str], words: list[str], complaint: str
) -> None:
    """With the reason, and a status that a script can see."""
    assert device.sim(*words) == 1
    assert complaint in capsys.readouterr().err


def test_without_a_device_it_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No socket, or none that is named."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("KOTIRUUTU_SIM_SOCKET", raising=False)
    assert main(["sim", "press", "help"]) == 1
    assert main(["sim", "press", "help", "--control", str(tmp_path / "nothing")]) == 1
    said = capsys.readouterr().err
    assert "KOTIRUUTU_SIM_SOCKET" in said
    assert "does not answer" in said
