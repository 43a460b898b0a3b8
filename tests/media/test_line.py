"""What is derived from line quality: a warning before a freeze, and less video before less audio."""

import pytest

from device.media.budget import LEAST_BITRATE, NO_PICTURE, PictureBudget, of_bitrate
from device.media.line_quality import PictureWatch


def watch_of(rate_hz: float, seconds: float) -> PictureWatch:
    watch = PictureWatch()
    for number in range(round(seconds * rate_hz)):
        watch.shown(number / rate_hz)
    return watch


def test_without_a_picture_there_is_none() -> None:
    """Before the first picture the quality is "none", neither good nor poor."""
    assert PictureWatch().quality(0.0, 5.0) == "none"


@pytest.mark.parametrize("rate_hz", [5, 30])
def test_an_even_picture_is_good(rate_hz: int) -> None:
    """A camera in the dark is slow, which is no fault."""
    assert watch_of(rate_hz, 3).quality(0.0, 3.0) == "good"


def test_it_is_poor_before_it_has_stood_still_for_half_a_second() -> None:
    """The warning comes before the picture freezes, and stays for a while instead of flickering."""
    watch = watch_of(30, 3)
    assert watch.quality(0.0, 3.3) == "good"
    assert watch.quality(0.0, 3.45) == "poor"
    for number in range(300):
        watch.shown(3.5 + number / 30)
        assert watch.quality(0.0, 3.5 + number / 30) == ("poor" if 3.5 + number / 30 < 3.45 + 4 else "good")


def test_a_hole_or_many_lost_packets_are_poor_while_it_still_moves() -> None:
    """A gap or much loss is reported as poor quality while frames still arrive."""
    assert watch_of(30, 3).quality(0.2, 3.0) == "poor"
    watch = watch_of(30, 3)
    watch.counted(1000, 0, 2.0)
    watch.counted(1100, 3, 3.0)
    assert watch.quality(0.0, 3.0) == "good"
    watch.counted(1200, 15, 3.1)
    assert watch.quality(0.0, 3.1) == "poor"


def follow(budget: PictureBudget, seconds: range, **line: float) -> int:
    for second in seconds:
        plan = budget.follow(
            reported=int(line["reported"]) if "reported" in line else None,
            sent=line.get("sent", 500_000),
            lost_fraction=line.get("lost", 0.0),
            now_s=float(second),
        )
    return plan.bitrate


def test_a_good_line_gets_the_whole_picture() -> None:
    """Thirty frames a second of 640×480."""
    budget = PictureBudget(0.0)
    follow(budget, range(20), reported=2_000_000)
    assert budget.plan[:3] == (640, 480, 30.0)


def test_little_that_is_reported_where_little_was_sent_means_nothing() -> None:
    """A dark room needs few bits; that is no reason to reduce the size."""
    budget = PictureBudget(0.0)
    for second in range(60):
        budget.follow(reported=30_000 + 1000 * second, sent=25_000, lost_fraction=0.0, now_s=float(second))
    assert budget.plan[:3] == (640, 480, 30.0)


def test_a_narrow_line_gets_less_and_less_picture() -> None:
    """First fewer frames, then smaller ones, then none: audio has priority. Later it is tried again."""
    budget, rates = PictureBudget(0.0), []
    for second in range(12):
        follow(budget, range(second, second + 1), reported=300_000 * 0.7**second, sent=200_000)
        rates.append(budget.plan)
    assert [plan.bitrate for plan in rates] == sorted((plan.bitrate for plan in rates), reverse=True)
    assert {(plan.width_px, plan.rate_hz) for plan in rates} >= {(640, 15.0), (320, 15.0), (320, 6.0)}
    assert rates[-1] == NO_PICTURE
    assert follow(budget, range(12, 40)) >= LEAST_BITRATE


def test_losses_cost_the_picture_and_not_the_sound() -> None:
    """Even if the other end estimates a good line."""
    assert follow(PictureBudget(0.0), range(5), reported=900_000, lost=0.2) < 500_000


def test_growth_that_fails_is_tried_more_and_more_seldom() -> None:
    """Each attempt costs the caller a moment of bad video."""
    budget, growths, before = PictureBudget(0.0), [], 0
    reported = 400_000
    for second in range(400):
        wide = budget.plan.bitrate <= 420_000
        reported = min(400_000, reported + 5000) if wide else int(0.9 * reported)
        budget.follow(reported=reported, sent=budget.plan.bitrate, lost_fraction=0.0, now_s=float(second))
        if budget.plan.bitrate > before > 0:
            growths.append(second)
        before = budget.plan.bitrate
    assert 3 < len(growths) < 40


def test_a_plan_fits_its_bitrate() -> None:
    """From no video to full size."""
    assert of_bitrate(1000) == NO_PICTURE
    assert [of_bitrate(each)[:3] for each in (60_000, 100_000, 200_000, 400_000)] == [
        (320, 240, 6.0),
        (320, 240, 15.0),
        (640, 480, 15.0),
        (640, 480, 30.0),
    ]
