"""When a retired device is wiped, as rules: at once where it hurts nobody, never in the middle of help."""

from datetime import timedelta

import pytest

from device.contract.retirement import Wipe
from device.rules.effects import AskByHttps, Effect, WipeDevice
from device.rules.events import CommandArrived, Intended, LinkChanged, RetirementReceived, Ticked
from device.rules.retirement import ASK_AGAIN_S, LINK_AWAY_S, LONGEST_WAIT_S
from device.window_protocol.intents import PressHelp
from tests.device.story import NOON, Story

pytestmark = pytest.mark.requirement("K17")

WIPE = CommandArrived(id="c", command=Wipe(receipt="r"), expires_at=NOON + timedelta(days=1))


def wipes(effects: list[Effect]) -> bool:
    return WipeDevice(receipt="r") in effects


@pytest.mark.parametrize("event", [WIPE, RetirementReceived(receipt="r")])
def test_a_calm_device_is_wiped_at_once_and_once(event: CommandArrived | RetirementReceived) -> None:
    """However it learns of it."""
    story = Story.of_aino()
    assert wipes(story.tell(event))
    assert not wipes(story.tell(event, Ticked()))


def test_somebody_who_waits_for_help_is_left_in_peace_but_not_for_ever() -> None:
    """A lost device whose button is stuck is wiped all the same."""
    story = Story.of_aino()
    story.tell(LinkChanged(connected=True), Intended(intent=PressHelp()))
    assert not wipes(story.tell(WIPE))
    story.wait(LONGEST_WAIT_S - 1)
    assert not wipes(story.tell(Ticked()))
    story.wait(1)
    assert wipes(story.tell(Ticked()))


def test_a_device_that_is_not_let_in_asks_why() -> None:
    """Seldom, and not while it is linked."""
    story = Story.of_aino()
    story.tell(LinkChanged(connected=True))
    story.wait(3600)
    assert AskByHttps() not in story.tell(Ticked())
    story.tell(LinkChanged(connected=False, reason="refused"))
    story.wait(LINK_AWAY_S)
    assert AskByHttps() in story.tell(Ticked())
    story.wait(ASK_AGAIN_S - 1)
    assert AskByHttps() not in story.tell(Ticked())
    story.wait(1)
    assert AskByHttps() in story.tell(Ticked())
