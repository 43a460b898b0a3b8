"""When new software is fetched, installed and kept, as rules: at night, in nobody's way, only if it works."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.contract.events import SoftwareUpdated
from device.contract.vital import Fault
from device.rules.effects import (
    FetchRelease,
    ForgetReturn,
    InstallRelease,
    KeepRelease,
    RestartIfUpgraded,
    ReturnRelease,
    StartSelfTest,
)
from device.rules.events import (
    Event,
    EventsReceived,
    FetchEnded,
    Intended,
    LinkChanged,
    ReleaseFetched,
    ReleaseRefused,
    SelfTestFinished,
    SoftwareBegan,
    Ticked,
    WindowPainted,
)
from device.rules.restart import CHECK_S
from device.rules.update import ASK_S, FIRST_ASK_S, LOCK_ENDS_S, TRIAL_S
from device.window_protocol.intents import PressHelp
from tests.device.story import Story

pytestmark = pytest.mark.requirement("K16")

HELSINKI = ZoneInfo("Europe/Helsinki")
NIGHT = datetime(2026, 11, 22, 3, 0, tzinfo=HELSINKI)
RELEASE = ("0.2.0", 7)
FETCHED = ReleaseFetched(version="0.2.0", number=7)


def at(wall: datetime, began: SoftwareBegan | None = None) -> Story:
    """Aino's device at this hour, linked; its nightly test is over."""
    story = Story.of_aino()
    story.wall = wall
    story.tell(LinkChanged(connected=True), began or SoftwareBegan())
    for effect in story.tell(Ticked()):
        if isinstance(effect, StartSelfTest) and not began:
            story.tell(SelfTestFinished(id=effect.id, found=()))
    return story


def installs(story: Story) -> bool:
    return InstallRelease() in story.tell(Ticked())


def stages(story: Story) -> list[str]:
    whats = [each.what for each in story.recorded(SoftwareUpdated)]
    return [what.stage for what in whats if isinstance(what, SoftwareUpdated)]


def test_the_desk_is_asked_some_times_a_day_and_not_while_somebody_talks() -> None:
    """Spread over half an hour after a start, so that a power cut of a town is not felt at the desk."""
    story = at(NIGHT - timedelta(hours=9))
    story.wait(FIRST_ASK_S + SoftwareBegan().spread_s)
    assert FetchRelease() in story.tell(Ticked())
    assert FetchRelease() not in story.tell(Ticked())
    story.tell(FetchEnded())
    story.wait(ASK_S - 1)
    assert FetchRelease() not in story.tell(Ticked())
    story.wait(1)
    assert FetchRelease() in story.tell(Ticked())


@pytest.mark.parametrize(("hour", "is_night"), [(2, False), (3, True), (5, False), (14, False)])
def test_it_is_installed_at_night_alone(hour: int, *, is_night: bool) -> None:
    """By the resident's own clock."""
    story = at(NIGHT.replace(hour=hour))
    story.tell(FETCHED)
    assert installs(story) is is_night
    assert stages(story) == ["fetched"]


def test_help_holds_it_up_but_not_for_ever() -> None:
    """Somebody has forgotten to close a request: a day later the device is updated all the same."""
    story = at(NIGHT)
    story.tell(FETCHED, Intended(intent=PressHelp()))
    assert not installs(story)
    story.wait(24 * 3600.0 - 60)
    assert not installs(story)
    story.tell(FetchEnded())
    story.wait(LOCK_ENDS_S - 24 * 3600.0 + 60)
    assert installs(story)


SHOWN: dict[str, Event] = {
    "painted": WindowPainted(versions={}),
    "received": EventsReceived(ids=frozenset({"id"})),
}


def on_trial() -> tuple[Story, str]:
    """A release on trial, and the id of its self-test."""
    story = at(NIGHT, SoftwareBegan(trial=RELEASE))
    tests = [each.id for each in story.effects if isinstance(each, StartSelfTest)]
    story.wait(60)
    tests += [each.id for each in story.tell(Ticked()) if isinstance(each, StartSelfTest)]
    own = story.state.update.trial
    assert own
    if not own.test:
        story.tell(SelfTestFinished(id=story.state.self_test.running, found=()))
        story.tell(Ticked())
        own = story.state.update.trial
        assert own
    return story, own.test


def test_a_release_that_paints_is_received_and_is_heard_stays() -> None:
    """And says so to the desk, once."""
    story, test = on_trial()
    story.tell(*SHOWN.values())
    assert KeepRelease() in story.tell(SelfTestFinished(id=test, found=()))
    assert stages(story) == ["installed"]
    story.wait(TRIAL_S)
    assert not any(isinstance(each, ReturnRelease) for each in story.tell(Ticked()))


@given(shown=st.sets(st.sampled_from(sorted(SHOWN))), is_heard=st.booleans())
def test_a_release_that_lacks_anything_goes_back_and_is_not_tried_again(
    shown: set[str], *, is_heard: bool
) -> None:
    """Whatever it is; the reason is said in words."""
    story, test = on_trial()
    story.tell(*(SHOWN[each] for each in shown))
    found = () if is_heard else (Fault(part="sound", reason="the tone was not heard"),)
    story.tell(SelfTestFinished(id=test, found=found))
    story.wait(TRIAL_S)
    returns = [each for each in story.tell(Ticked()) if isinstance(each, ReturnRelease)]
    is_good = len(shown) == 2 and is_heard
    assert bool(returns) is not is_good
    if returns:
        assert returns[0].reason
        assert story.state.refused_releases.numbers == (7,)


def test_the_desk_hears_why_the_device_came_back() -> None:
    """The next start writes it down; the same release is never asked for again."""
    began = SoftwareBegan(returned=RELEASE, returned_reason="nothing was painted", waiting=RELEASE)
    story = at(NIGHT, began)
    assert stages(story) == ["returned"]
    assert ForgetReturn() in story.effects
    assert not installs(story)
    story.wait(FIRST_ASK_S + SoftwareBegan().spread_s)
    assert FetchRelease(refused=(7,)) in story.tell(Ticked())


def test_what_is_not_to_be_trusted_is_reported_and_refused() -> None:
    """A wrong signature has no number that could be believed."""
    story = at(NIGHT)
    story.tell(ReleaseRefused(version="", number=0, reason="not signed"))
    assert stages(story) == ["refused"]
    assert not installs(story)


def restarts(story: Story) -> bool:
    return RestartIfUpgraded() in story.tell(Ticked())


@pytest.mark.parametrize(("hour", "is_night"), [(2, False), (3, True), (5, False), (14, False)])
def test_the_machine_restarts_after_upgrades_at_night_alone(hour: int, *, is_night: bool) -> None:
    """By the resident's own clock, also without a link: nothing is asked of the desk."""
    story = at(NIGHT.replace(hour=hour))
    story.tell(LinkChanged(connected=False))
    story.wait(CHECK_S)
    assert restarts(story) == is_night
    assert not restarts(story)


def test_nobody_who_asks_for_help_is_left_alone_for_a_restart() -> None:
    """It waits until the matter is over; a release on trial is judged first."""
    story = at(NIGHT)
    story.tell(Intended(intent=PressHelp()))
    story.wait(CHECK_S)
    assert not restarts(story)
    story = at(NIGHT, SoftwareBegan(trial=RELEASE))
    story.wait(CHECK_S / 2)
    assert not restarts(story)
