from pathlib import Path
from typing import get_args

import pytest

from hal import adapters
from hal.board import SIMULATED, BoardConfig, BoardError, load_board
from hal.fitting import build
from hal.ports import PARTS, HardwareAbsent, Lamp, ModemState, Pattern, PowerState, SmsFailed, Sound
from hal.simulated import SimulatedHardware
from tests.link.waiting import eventually

SHIPPED = Path("systemd/etc/board.toml")


@pytest.fixture
def everything(tmp_path: Path) -> BoardConfig:
    """Return the shipped file with modem and pendants commented in."""
    lines = SHIPPED.read_text(encoding="utf-8").partition("plugged in.\n")
    return load(
        tmp_path, lines[0].rpartition("\n")[0] + "\n" + lines[2].replace("\n# ", "\n").removeprefix("# ")
    )


def load(folder: Path, text: str) -> BoardConfig:
    path = folder / "board.toml"
    path.write_text(text, encoding="utf-8")
    return load_board(path)


def test_what_is_shipped_is_valid_and_names_every_part(everything: BoardConfig) -> None:
    """Installers start from it: components that are plugged in later are commented out."""
    shipped = load_board(SHIPPED)
    assert shipped.modem is None
    assert shipped.pendants is None
    assert all(getattr(everything, part) is not None for part in PARTS)
    assert shipped.buttons == adapters.GpioButtons(pins={"help": 17})
    assert shipped.lights == adapters.GpioLights(pins={Lamp.HELP: 12, Lamp.STATUS: 13})


def test_an_empty_board_has_nothing(tmp_path: Path) -> None:
    """An empty file is valid."""
    assert load(tmp_path, "") == BoardConfig()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[speeker]\nadapter="vlc"', "[speeker] there is no such part; there are: buttons, pendants"),
        ('[speaker]\nadapter="vcl"', "[speaker] has no adapter 'vcl'; there are: vlc, simulated"),
        ("[speaker]", "[speaker] says no adapter; there are: vlc, simulated"),
        ("speaker = 3", "[speaker] says no adapter"),
        ('[speaker]\nadapter="vlc"\noutput="jack"', "[speaker] Invalid enum value 'jack' - at `output`"),
        ('[speaker]\nadapter="vlc"\nloud=1', "unknown field `loud`"),
        ('[buttons]\nadapter="gpiozero"', "[buttons] Object missing required field `pins`"),
        ('[buttons]\nadapter="gpiozero"\npins={help=40}', "`int` <= 27 - at `pins[...]`"),
        ('[buttons]\nadapter="gpiozero"\npins={help="seventeen"}', "Expected `int`, got `str`"),
        ('[buttons]\nadapter="gpiozero"\npins={help=17}\nhold_s=0', "> 0.0 - at `hold_s`"),
        ('[buttons]\nadapter="evdev"\ndevice="/dev/x"\nkeys={help="KEY_HLP"}', "'KEY_HLP' is no key"),
        ('[lights]\nadapter="gpiozero"\npins={disco=12}', "Invalid enum value 'disco'"),
        ('[display]\nadapter="backlight"\nrotation=45', "let the kernel turn picture and touch"),
        ('[modem]\nadapter="at"', "missing required field `port`"),
        ('[modem]\nadapter="at"\nport="/dev/x"\npin="12a4"', "at `pin`"),
        ('[pendants]\nadapter="enocean"\nport="/dev/x"\nsenders=["AINO"]', "at `senders[0]`"),
        ("[speaker", "Expected ']'"),
    ],
)
def test_each_mistake_is_said_in_words(tmp_path: Path, text: str, words: str) -> None:
    """The error names the file and the component."""
    with pytest.raises(BoardError) as caught:
        load(tmp_path, text)
    assert words in str(caught.value)
    assert "board.toml: " in str(caught.value)


def test_all_mistakes_are_said_at_once(tmp_path: Path) -> None:
    """All errors are listed at once, so that a file needs one correction only."""
    text = """
    [buttons]
    adapter = "gpiozero"
    pins = { help = 12, call = 12 }
    [lights]
    adapter = "gpiozero"
    pins = { help = 12 }
    [modem]
    adapter = "at"
    port = "/dev/ttyUSB0"
    [pendants]
    adapter = "enocean"
    port = "/dev/ttyUSB0"
    [speaker]
    adapter = "loud"
    """
    with pytest.raises(BoardError) as caught:
        load(tmp_path, text)
    assert "pin 12 is used more than once: buttons.help, buttons.call, lights.help" in str(caught.value)
    assert "/dev/ttyUSB0 is used more than once: modem, pendants" in str(caught.value)
    assert "'loud'" in str(caught.value)


def test_a_file_that_is_not_there_is_said_to_be(tmp_path: Path) -> None:
    """The error names the missing file."""
    with pytest.raises(BoardError, match=r"nowhere\.toml"):
        load_board(tmp_path / "nowhere.toml")


def test_two_buttons_on_one_key_clash(tmp_path: Path) -> None:
    """By name or by number, it is the same key."""
    with pytest.raises(BoardError, match="key 28 is used more than once"):
        load(tmp_path, '[buttons]\nadapter="evdev"\ndevice="/dev/x"\nkeys={help="KEY_ENTER", call=28}')


@pytest.mark.requirement("K8")
def test_nothing_fitted_is_no_fault_and_no_crash() -> None:
    """Every method can be called without effect; nothing is reported as working."""
    hardware = build(BoardConfig())
    assert not any(report.fitted or report.reason for report in hardware.report())
    hardware.speaker.play(Sound.ALARM, loop=True)
    hardware.speaker.say("Apua", "fi")
    hardware.lights.show(Lamp.HELP, Pattern.ON)
    hardware.display.dim(0.5)
    assert hardware.speaker.playing == frozenset()
    assert hardware.lights.showing() == {}
    assert hardware.power.state() == PowerState()
    assert hardware.modem.state() == ModemState()
    with pytest.raises(HardwareAbsent, match="no microphone"):
        hardware.microphone.level_dbfs()
    hardware.close()


@pytest.mark.requirement("K3")
def test_without_a_modem_a_message_fails_with_a_reason() -> None:
    """Sending on a board without a modem reports a failure at once, with the reason."""
    reported: list[object] = []
    modem = build(BoardConfig()).modem
    modem.watch(reported.append)
    modem.send("+358401234567", "Apua", "m1")
    assert reported == [SmsFailed("m1", "no modem: none is fitted")]


@pytest.mark.requirement("K8")
def test_the_whole_board_on_a_computer_without_any_of_it(everything: BoardConfig) -> None:
    """Every configured component that is missing reports why; the device runs."""
    if any(Path("/dev").glob("gpiochip*")):
        pytest.skip("this computer has GPIO")
    hardware = build(everything)
    reasons = {report.part: report.reason for report in hardware.report()}
    assert all(report.fitted for report in hardware.report())
    for part in ("buttons", "lights", "display", "modem", "pendants"):
        eventually(lambda part=part: dict(hardware.parts())[part].health(), f"{part} says why")  # type: ignore[misc]
    assert "backlight" in reasons["display"]
    assert hardware.display.panel.width_mm == 217
    hardware.close()


def test_a_vendors_library_that_breaks_is_an_absent_part(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any exception of the library is caught and reported."""
    monkeypatch.setattr("hal.sysfs_power.SysfsPower", lambda: 1 / 0)
    hardware = build(BoardConfig(power=adapters.SysfsSupply(), speaker=adapters.Simulated()))
    assert dict(hardware.parts())["power"].health() == "ZeroDivisionError: division by zero"
    assert hardware.speaker.health() == ""
    hardware.close()


def test_a_simulated_board_is_simulated_throughout() -> None:
    """The simulated microphone picks up the simulated speaker."""
    hardware = build(SIMULATED)
    assert hardware.fitted == frozenset(PARTS)
    assert not any(report.reason for report in hardware.report())
    hardware.speaker.play(Sound.SELF_TEST, loop=True)
    assert hardware.microphone.listen_for(880.0).heard
    made = SimulatedHardware.make()
    assert {type(part) for _, part in made.parts()} == {type(part) for _, part in hardware.parts()}
    hardware.close()


def test_every_adapter_says_how_it_is_opened() -> None:
    """A new adapter without ``open`` fails here, not in a home."""
    kinds = {kind for part in PARTS for kind in get_args(BoardConfig.__annotations__[part])}
    named = {kind for kind in kinds if issubclass(kind, adapters.Adapter)}
    assert named == set(adapters.Adapter.__subclasses__())
    assert {kind for kind in named if "open" not in vars(kind)} == {adapters.Simulated}
