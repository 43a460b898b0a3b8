"""A network changes during a call: the caller's page dials again, and the resident need not answer twice."""

import pytest

from device.contract.events import CallConnected, CallEnded
from device.rules.calls.ending import ENDED_SHOWN_S
from device.rules.effects import FinishCall, PrepareCall
from device.window_protocol.intents import HangUp, OpenPage, PressHelp
from tests.device.call_story import OFFER, CallStory, begun, recorded
from tests.device.test_call_rules_ringing import talking

pytestmark = pytest.mark.requirement("V10")


def restored(story: CallStory, **ring: object) -> bool:
    """Whether the call that comes now goes through by itself."""
    story.ring(call_id="2", **{"replaces": "1", **ring})  # type: ignore[arg-type]
    return begun(story.ready()) == ["2"]


def test_a_line_that_is_still_open_here_is_replaced() -> None:
    """The desk hears that the first has ended, its process goes, and nothing rings; the screen says why."""
    story = talking()
    effects = story.ring(call_id="2", replaces="1")
    (ended,) = [each for each in recorded(effects) if isinstance(each, CallEnded)]
    assert (ended.call_id, ended.why) == ("1", "gone")
    assert FinishCall(call_id="1") in effects
    assert PrepareCall(call_id="2", offer=OFFER, ice_servers=[]) in effects
    page = story.call_page()
    assert (page.state, page.headline) == ("connected", "Ritva Aalto")
    assert page.lines == ["Yhteys katkesi. Sitä palautetaan."]
    assert begun(story.ready()) == ["2"]
    assert recorded(story.connected()) == [CallConnected(call_id="2")]
    assert story.call_page().lines != page.lines


@pytest.mark.parametrize("how", ["noticed here", "reported by the desk"])
def test_a_call_that_was_lost_a_moment_ago_is_restored(how: str) -> None:
    """As long as the screen says that it was lost."""
    story = talking()
    _ = story.leave() if how == "noticed here" else story.end(why="gone")
    story.pass_time(ENDED_SHOWN_S - 1)
    assert restored(story)


@pytest.mark.parametrize("how", ["hung up", "touched away", "later", "caller hung up", "help"])
def test_an_end_that_left_the_call_is_asked_again(how: str) -> None:
    """Then it rings, or is refused, as any call."""
    story = talking()
    match how:
        case "hung up":
            story.touch(HangUp("1"))
        case "touched away":
            story.leave()
            story.touch(OpenPage("home"))
        case "later":
            story.leave()
            story.pass_time(ENDED_SHOWN_S + 1)
        case "caller hung up":
            story.end(why="hung-up")
        case _:
            story.touch(PressHelp())
    assert not restored(story)


@pytest.mark.parametrize("ring", [{"replaces": "another"}, {"replaces": None}, {"contact_id": "anna"}])
def test_nobody_else_gets_in_by_it(ring: dict[str, object]) -> None:
    """Another call's id, none, or another contact: the resident is talking, and it is refused as busy."""
    story = talking()
    assert not restored(story, **ring)
    assert story.state.call
    assert story.state.call.id == "1"


def test_a_forced_call_is_not_restored() -> None:
    """It opened by itself once, with its reason: that is no answer of the resident's."""
    story = CallStory.of_aino()
    story.force(contact_id="anna")
    story.ready()
    story.pass_time(60)
    story.connected()
    story.leave()
    assert not restored(story, contact_id="anna")
