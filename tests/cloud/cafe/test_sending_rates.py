"""Who sends far more video than was agreed, by the engine's counter."""

import pytest

from cloud.cafe.sending_rates import AGREED_BITRATE, SendingRate

pytestmark = pytest.mark.requirement("V24")


def looked(rate: SendingRate, *bitrates: float) -> SendingRate:
    """Look every two seconds, between which this many bits a second arrived."""
    for bitrate in bitrates:
        at_s = rate.at_s or 0.0
        rate = rate.after(rate.octets + int(bitrate * 2 / 8), at_s + 2.0)
    return rate


def test_far_too_much_at_two_looks_is_excessive_and_what_was_agreed_never() -> None:
    """A burst passes; the agreed rate, and half as much again, is never too much."""
    begun = SendingRate().after(0, 1.0)
    assert not looked(begun, *[1.5 * AGREED_BITRATE] * 20).is_excessive
    assert not looked(begun, 9 * AGREED_BITRATE, AGREED_BITRATE, 9 * AGREED_BITRATE).is_excessive
    assert looked(begun, 9 * AGREED_BITRATE, 9 * AGREED_BITRATE).is_excessive


def test_who_keeps_to_it_for_a_while_is_shown_again() -> None:
    """One calm look is not enough, so that nobody comes and goes."""
    hidden = looked(SendingRate().after(0, 1.0), *[9 * AGREED_BITRATE] * 2)
    assert looked(hidden, *[AGREED_BITRATE] * 3, 9 * AGREED_BITRATE, *[AGREED_BITRATE] * 3).is_excessive
    assert not looked(hidden, *[AGREED_BITRATE] * 4).is_excessive


def test_what_was_sent_before_the_first_look_and_a_new_counter_judge_nothing() -> None:
    """The counter begins anew with a new connection."""
    rate = SendingRate().after(10**9, 1.0)
    assert not rate.against
    assert not rate.after(0, 3.0).against
    assert not rate.after(10**9 + 10**8, 1.0).against
