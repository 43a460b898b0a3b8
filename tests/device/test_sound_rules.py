"""The sound table over every possible situation."""

from itertools import product
from typing import get_args

import pytest
from msgspec.structs import replace

from device.rules.effects import Lamp, LampPattern
from device.rules.sound import NEVER_SILENT, Hearing, SoundClass, volume, volumes
from hal import ports

CLASSES: tuple[SoundClass, ...] = get_args(SoundClass)
CONDITIONS = ("muted", "night", "in_call", "help")
ALL = [Hearing(**dict(zip(CONDITIONS, holds, strict=True))) for holds in product((False, True), repeat=4)]
everything = pytest.mark.parametrize("hearing", ALL, ids=lambda hearing: str(hearing)[8:-1])


@everything
def test_every_class_has_a_volume_in_every_case(hearing: Hearing) -> None:
    """A share of what the speaker can, for each class that there is."""
    table = volumes(hearing)
    assert set(table) == set(CLASSES)
    assert all(0.0 <= loud <= 1.0 for loud in table.values())


@pytest.mark.requirement("K3")
@pytest.mark.requirement("V1")
@everything
def test_help_forced_calls_and_alarms_are_never_silent(hearing: Hearing) -> None:
    """Nor softer, whatever else holds."""
    assert {sound: volume(sound, hearing) for sound in NEVER_SILENT} == dict.fromkeys(NEVER_SILENT, 1.0)


@everything
def test_night_and_mute_and_a_call_make_nothing_louder(hearing: Hearing) -> None:
    """Each of them only takes away."""
    for condition, sound in product(("muted", "night", "in_call"), CLASSES):
        assert volume(sound, replace(hearing, **{condition: True})) <= volume(
            sound, replace(hearing, **{condition: False})
        )


@everything
def test_at_night_what_may_be_softer_is_softer(hearing: Hearing) -> None:
    """All sounds except those that must be heard, and the tone that wakes nobody anyway."""
    at_night, by_day = replace(hearing, night=True), replace(hearing, night=False)
    others_rule = hearing.in_call or hearing.help
    for sound in set(CLASSES) - NEVER_SILENT - {"self-test"}:
        if volume(sound, by_day) and not others_rule:
            assert volume(sound, at_night) < volume(sound, by_day)


@pytest.mark.requirement("V1")
@everything
def test_mute_keeps_its_word(hearing: Hearing) -> None:
    """Neither ring nor chime nor touch sounds while muted; what was chosen plays."""
    muted = replace(hearing, muted=True)
    assert volume("ring", muted) == volume("chime", muted) == volume("invitation", muted) == 0.0
    assert volume("touch", muted) == volume("touch", replace(muted, muted=False))
    assert volume("speech", muted) == volume("speech", replace(muted, muted=False)) > 0.0


@pytest.mark.requirement("K3")
@everything
def test_the_words_of_help_are_as_loud_as_they_can_be(hearing: Hearing) -> None:
    """Mute, night or a call, and no radio beside them."""
    table = volumes(replace(hearing, help=True))
    assert table["speech"] == 1.0
    assert table["stream"] == table["chime"] == table["self-test"] == 0.0


@everything
def test_the_test_tone_never_wakes(hearing: Hearing) -> None:
    """At least 30 dB below the loudest, and silent where anybody needs the room."""
    loud = volume("self-test", hearing)
    assert loud <= 10 ** (-30 / 60)
    assert (loud == 0.0) == (hearing.in_call or hearing.help)


def test_the_rules_speak_of_what_the_hardware_has() -> None:
    """Every class, lamp and pattern, by the same name."""
    assert set(CLASSES) == set(ports.Sound)
    assert set(get_args(Lamp)) == set(ports.Lamp)
    assert set(get_args(LampPattern)) == set(ports.Pattern)
