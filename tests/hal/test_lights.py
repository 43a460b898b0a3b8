"""One suite for all lights: simulated, and gpiozero's mock pins."""

from collections.abc import Iterator

import pytest
from gpiozero.pins.mock import MockFactory, MockPWMPin

from hal import gpiozero_lights
from hal.gpiozero_lights import GpiozeroLights, level
from hal.ports import HardwareAbsent, Lamp, Lights, Pattern, Shine
from hal.simulated import SimulatedLights
from tests.link.waiting import eventually

PINS = {Lamp.HELP: 12, Lamp.STATUS: 13}


@pytest.fixture
def factory() -> Iterator[MockFactory]:
    factory = MockFactory(pin_class=MockPWMPin)
    yield factory
    factory.close()


@pytest.fixture(params=["simulated", "gpio"])
def lights(request: pytest.FixtureRequest, factory: MockFactory) -> Iterator[Lights]:
    simulated = request.param == "simulated"
    lights: Lights = SimulatedLights(tuple(PINS)) if simulated else GpiozeroLights(PINS, factory)
    yield lights
    lights.close()


def test_lamps_show_the_pattern_that_was_set(lights: Lights) -> None:
    """Each lamp has its own pattern; brightness is clamped."""
    lights.show(Lamp.HELP, Pattern.BREATHING, 0.5)
    lights.show(Lamp.STATUS, Pattern.ON, 7.0)
    assert lights.showing() == {
        Lamp.HELP: Shine(Pattern.BREATHING, 0.5),
        Lamp.STATUS: Shine(Pattern.ON, 1.0),
    }
    assert lights.health() == ""


def test_a_lamp_that_is_not_fitted_stays_dark(lights: Lights) -> None:
    """Lighting a lamp that the board lacks is ignored, and it is not listed."""
    lights.show(Lamp.RING, Pattern.ON)
    assert lights.lamps == tuple(PINS)
    assert Lamp.RING not in lights.showing()


def test_after_the_end_all_is_dark(lights: Lights) -> None:
    """Closing switches every lamp off, and closing a second time is safe."""
    lights.show(Lamp.HELP, Pattern.ON)
    lights.close()
    lights.close()
    assert lights.showing()[Lamp.HELP] == Shine()


@pytest.mark.requirement("K3")
def test_the_lamp_is_lit_before_the_call_returns(factory: MockFactory) -> None:
    """A press is acknowledged by light at once; half the brightness is a quarter of the current."""
    lights = GpiozeroLights(PINS, factory)
    lights.show(Lamp.HELP, Pattern.ON)
    assert factory.pin(12).state == 1.0
    lights.show(Lamp.HELP, Pattern.ON, 0.5)
    assert factory.pin(12).state == 0.25
    lights.close()


def test_a_breathing_lamp_goes_down_and_up(factory: MockFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Measured with a short breathing period."""
    monkeypatch.setattr(gpiozero_lights, "_BREATH_S", 0.8)
    lights = GpiozeroLights(PINS, factory)
    lights.show(Lamp.HELP, Pattern.BREATHING)
    eventually(lambda: factory.pin(12).state < 0.5, "it goes down")
    eventually(lambda: factory.pin(12).state > 0.9, "it comes up")
    lights.close()


def test_a_blinking_lamp_is_on_and_off(factory: MockFactory) -> None:
    """Twice a second, below the rate that can cause seizures (WCAG 2.3.1)."""
    lights = GpiozeroLights(PINS, factory)
    lights.show(Lamp.STATUS, Pattern.BLINKING)
    eventually(lambda: factory.pin(13).state == 0.0, "off")
    eventually(lambda: factory.pin(13).state == 1.0, "on")
    lights.close()


@pytest.mark.parametrize(
    ("shine", "at_s", "share"),
    [
        (Shine(Pattern.OFF), 1.0, 0.0),
        (Shine(Pattern.ON, 1.0), 9.0, 1.0),
        (Shine(Pattern.BREATHING), 0.0, 1.0),
        (Shine(Pattern.BREATHING), 2.0, 0.0),
        (Shine(Pattern.BLINKING), 0.1, 1.0),
        (Shine(Pattern.BLINKING), 0.3, 0.0),
    ],
)
def test_patterns_by_the_clock(shine: Shine, at_s: float, share: float) -> None:
    """The level is a pure function of the time since the pattern started."""
    assert level(shine, at_s) == pytest.approx(share)


def test_a_pin_that_is_taken_is_said_to_be(factory: MockFactory) -> None:
    """The lamps are absent, with the reason in words."""
    first = GpiozeroLights(PINS, factory)
    with pytest.raises(HardwareAbsent, match="12"):
        GpiozeroLights({Lamp.RING: 12}, factory)
    first.close()
