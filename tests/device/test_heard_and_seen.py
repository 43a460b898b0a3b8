"""The real core: what its speaker and its lamps are asked for when somebody presses."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from device.contract.documents import View
from device.window_protocol.client import ScreenClient
from device.window_protocol.intents import OpenPage, PressHelp, SilenceRing
from device.window_protocol.messages import Done
from tests.device.core_process import CoreProcess
from tests.device.story import EVERYTHING
from tests.link.waiting import eventually

SWEDISH = View(version=1, elements=EVERYTHING, language="sv", speak_on_touch=True)
NOT_YET = "Ditt larm har inte gått fram än. Den här skärmen försöker hela tiden."


@pytest.fixture
def core() -> Iterator[CoreProcess]:
    with tempfile.TemporaryDirectory(prefix="kr-") as folder:
        process = CoreProcess(Path(folder), SWEDISH)
        with process.running():
            yield process


@pytest.mark.requirement("K3")
@pytest.mark.requirement("K13")
def test_a_press_is_a_sound_a_light_and_true_words_in_the_residents_language(core: CoreProcess) -> None:
    """The wall button, with no network anywhere."""
    core.sim(press="help")
    eventually(lambda: ["say", NOT_YET, "sv"] in core.history("speaker"), "the words are spoken")
    heard = core.history("speaker")
    assert heard.index(["play", "help"]) < heard.index(["say", NOT_YET, "sv"])
    assert ["volume", "speech", 1.0] in heard
    (shown,) = [entry for entry in core.history("lights") if entry[2] == "blinking" and entry[1] == "help"]
    assert shown[0] == "show"
    assert [entry for entry in heard if entry[0] == "say"] == [["say", NOT_YET, "sv"]]


@pytest.mark.requirement("K13")
def test_a_touched_button_says_what_stands_on_it_and_a_newer_touch_cuts_it_off(core: CoreProcess) -> None:
    """As it was when it was touched; muting silences the ring and not the voice."""
    with ScreenClient(core.screen_socket, "viewer") as finger:
        finger.receive(10)
        finger.send(Done(OpenPage("mute")))
        finger.receive(10)
        finger.send(Done(SilenceRing(hours=2)))
        eventually(lambda: len(_said(core)) == 2, "both labels are spoken")
        first, second = _said(core)
        assert first == "Tysta signalen."
        assert second == "I två timmar."
        entries = core.history("speaker")
        assert entries[entries.index(["say", second, "sv"]) - 1] == ["stop", "speech"]
        assert ["volume", "ring", 0.0] in entries
        finger.send(Done(PressHelp()))
        eventually(lambda: _said(core)[-1] == NOT_YET, "help wins")


def _said(core: CoreProcess) -> list[str]:
    return [entry[1] for entry in core.history("speaker") if entry[0] == "say"]
