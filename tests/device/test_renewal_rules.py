"""When the certificate is renewed, as rules: in time, spread, never in the way, and again where it failed."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.rules.effects import RenewCertificate
from device.rules.events import CertificateRead, Intended, LinkChanged, RenewalEnded, Ticked
from device.rules.renewal import FIRST_RETRY_S, LAST_RETRY_S, RENEWED_BEFORE_END, SPREAD, renewed_from
from device.window_protocol.intents import PressHelp
from tests.device.story import NOON, Story

pytestmark = pytest.mark.requirement("K16")


def story_with(left: timedelta, *, trusted: bool = True) -> Story:
    """A device whose certificate ends after so long."""
    story = Story(trusted=trusted)
    story.tell(LinkChanged(connected=True), CertificateRead(ends_at=NOON + left, serial=0))
    return story


def asks(story: Story) -> bool:
    return RenewCertificate() in story.tell(Ticked())


def test_a_certificate_is_renewed_thirty_days_before_its_end() -> None:
    """Not earlier, once at a time, and not again when a new one is there."""
    story = story_with(timedelta(days=31))
    assert not asks(story)
    story.wait(24 * 3600)
    assert asks(story)
    assert not asks(story)
    story.tell(CertificateRead(ends_at=story.wall + timedelta(days=1825), serial=1), RenewalEnded())
    story.wait(FIRST_RETRY_S)
    assert not asks(story)


@given(serial=st.integers(0, 2**159))
def test_tablets_of_one_day_ask_on_different_days(serial: int) -> None:
    """Spread over five days by their serial numbers, and always long before the end."""
    before_end = NOON - renewed_from(NOON, serial)
    assert RENEWED_BEFORE_END - SPREAD < before_end <= RENEWED_BEFORE_END


def test_a_certificate_that_has_ended_is_renewed_at_once() -> None:
    """A tablet that was in a cupboard for months comes back by itself."""
    assert asks(story_with(-timedelta(days=90)))


def test_a_clock_in_doubt_does_not_decide() -> None:
    """A clock of 1970 finds every certificate good: a link that stays away is the sign then."""
    story = story_with(timedelta(days=-1), trusted=False)
    story.wait(3600)
    assert not asks(story)
    story.tell(LinkChanged(connected=False, reason="the broker refused the encrypted connection"))
    assert asks(story)


def test_help_is_not_disturbed() -> None:
    """Reconnecting with the new certificate waits until nobody needs help."""
    story = Story.of_aino()
    story.tell(CertificateRead(ends_at=NOON, serial=0), Intended(intent=PressHelp()))
    assert story.state.requests.help_is_open
    assert not asks(story)


@given(failures=st.integers(1, 30))
def test_what_fails_is_tried_again_more_and_more_seldom(failures: int) -> None:
    """For ever, at the latest after six hours."""
    story = story_with(timedelta(days=1))
    for _ in range(failures):
        assert asks(story)
        story.tell(RenewalEnded(reason="no desk"))
        assert not asks(story)
        story.wait(LAST_RETRY_S)
