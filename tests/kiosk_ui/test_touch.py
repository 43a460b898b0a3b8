"""A finger that trembles still says what it means, and nothing else does."""

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.window_protocol.intents import OpenPerson, PressHelp, RequestUrgentCall, SilenceRing
from device.window_protocol.model import Style
from kiosk_ui.boxes import Box
from kiosk_ui.pages.compose import compose
from kiosk_ui.scene import Target
from kiosk_ui.touch import LEAN_MM, REACH_MM, TouchReader, meant_by
from tests.kiosk_ui.samples import home, screen
from tests.kiosk_ui.test_layout import PANELS

MM = 6
HELP = Target(Box(160 * MM, 100 * MM, 52 * MM, 31 * MM), "help", PressHelp(), is_patient=True)
MUTE = Target(Box(120 * MM, 100 * MM, 34 * MM, 31 * MM), "mute", SilenceRing(hours=2))
FACE = Target(Box(20 * MM, 50 * MM, 20 * MM, 20 * MM), "face.0", OpenPerson("anna"))
TARGETS = (HELP, MUTE, FACE)


def middle(target: Target) -> tuple[float, float]:
    box = target.box
    return box.x + box.width / 2, box.y + box.height / 2


def tap(reader: TouchReader, target: Target, at_s: float, held_s: float = 0.1) -> Target | None:
    x, y = middle(target)
    reader.down("finger", x, y, at_s, TARGETS)
    return reader.up("finger", x, y, at_s + held_s, TARGETS)


def test_counts_when_the_finger_lifts() -> None:
    """Nothing is done while the finger is down; it is only seen."""
    reader = TouchReader(MM)
    reader.down("finger", *middle(MUTE), 0.0, TARGETS)
    assert reader.pressed == "mute"
    assert reader.up("finger", *middle(MUTE), 0.2, TARGETS) is MUTE
    assert reader.pressed is None


def test_forgives_eight_millimetres_of_drift() -> None:
    """Also where the finger leaves the target on the way."""
    reader = TouchReader(MM)
    x, y = FACE.box.right - 1, FACE.box.y + 10
    reader.down("finger", x, y, 0.0, TARGETS)
    reader.move("finger", x + 7.9 * MM, y)
    assert reader.up("finger", x + 7.9 * MM, y, 0.3, TARGETS) is FACE


def test_a_swipe_is_no_tap() -> None:
    """A finger that wanders off its target and further than tremor does means nothing."""
    reader = TouchReader(MM)
    x, y = middle(FACE)
    reader.down("finger", x, y, 0.0, TARGETS)
    reader.move("finger", x + 30 * MM, y)
    assert reader.pressed is None
    assert reader.up("finger", x + 30 * MM, y, 0.3, TARGETS) is None


@given(st.lists(st.floats(0.01, 0.3), min_size=1, max_size=20))
def test_repeats_do_not_count(pauses: list[float]) -> None:
    """However a hand drums on a target, taps that count are 800 ms apart."""
    reader, now, counted = TouchReader(MM), 0.0, []
    for pause in pauses:
        now += pause
        if tap(reader, MUTE, now, held_s=0.0):
            counted.append(now)
    assert counted[0] == pauses[0]
    assert all(later - earlier >= 0.8 for earlier, later in pairwise(counted))


def test_help_counts_right_after_another_tap() -> None:
    """A repeat is a second tap at the same place: help elsewhere is not kept waiting."""
    reader = TouchReader(MM)
    assert tap(reader, FACE, 0.0) is FACE
    assert tap(reader, HELP, 0.3) is HELP


def test_reacts_beyond_what_is_drawn() -> None:
    """Just beside a target counts; between two, the nearer one."""
    reader = TouchReader(MM)
    between = MUTE.box.right + 2 * MM
    reader.down("finger", between, MUTE.box.y + 20, 0.0, TARGETS)
    assert reader.up("finger", between, MUTE.box.y + 20, 0.1, TARGETS) is MUTE


def test_a_second_finger_neither_acts_nor_blocks() -> None:
    """The first finger is meant."""
    reader = TouchReader(MM)
    reader.down("first", *middle(HELP), 0.0, TARGETS)
    reader.down("second", *middle(MUTE), 0.2, TARGETS)
    assert reader.up("second", *middle(MUTE), 0.3, TARGETS) is None
    assert reader.up("first", *middle(HELP), 0.4, TARGETS) is HELP


def test_a_resting_palm_neither_acts_nor_blocks() -> None:
    """What lay there before the finger came is no finger, whenever it is lifted."""
    reader = TouchReader(MM)
    reader.down("palm", *middle(MUTE), 0.0, TARGETS)
    reader.down("finger", *middle(HELP), 3.0, TARGETS)
    assert reader.up("finger", *middle(HELP), 3.2, TARGETS) is HELP
    assert reader.up("palm", *middle(MUTE), 9.0, TARGETS) is None


def test_a_finger_whose_lift_was_lost_taps_the_next_time() -> None:
    """A panel that loses a lift blocks no button, neither for help nor for anything else."""
    reader = TouchReader(MM)
    reader.down("finger", *middle(MUTE), 0.0, TARGETS)
    assert tap(reader, HELP, 0.3) == HELP


def test_a_palm_beside_all_targets_is_not_noticed() -> None:
    """However short a time it has been there."""
    reader = TouchReader(MM)
    reader.down("palm", 5, 5, 0.0, TARGETS)
    assert tap(reader, HELP, 0.1) is HELP


def test_help_counts_however_long_it_was_held() -> None:
    """Someone who holds on to the help button wants help; an arm on another button wants nothing."""
    assert tap(TouchReader(MM), HELP, 0.0, held_s=60.0) is HELP
    assert tap(TouchReader(MM), MUTE, 0.0, held_s=60.0) is None


def test_what_is_gone_cannot_be_touched() -> None:
    """If the page changes under the finger, the tap is for nobody else."""
    reader = TouchReader(MM)
    reader.down("finger", *middle(FACE), 0.0, TARGETS)
    elsewhere = Target(FACE.box, "face.0", OpenPerson("bertil"))
    assert reader.up("finger", *middle(FACE), 0.2, (HELP, elsewhere)) is None


def test_tremor_hits_what_it_means() -> None:
    """A scatter of 3.4 mm (one standard deviation) hits a 20 mm target in 99 % of 1,000 taps."""
    chance = random.Random(1945)
    hits = 0
    for number in range(1000):
        reader = TouchReader(MM)
        x, y = middle(FACE)
        down = x + chance.gauss(0, 3.4 * MM), y + chance.gauss(0, 3.4 * MM)
        lifted = down[0] + chance.gauss(0, 2 * MM), down[1] + chance.gauss(0, 2 * MM)
        reader.down("finger", *down, number, TARGETS)
        hits += reader.up("finger", *lifted, number + 0.2, TARGETS) is FACE
    assert hits >= 990


def test_what_is_under_the_finger_is_meant() -> None:
    """No correction takes a touch away from what it lies on."""
    for target in TARGETS:
        box = target.box
        for x, y in ((box.x, box.y), (box.right, box.bottom), (box.x, box.bottom), (box.right, box.y)):
            assert meant_by(TARGETS, x, y, MM, lean_mm=LEAN_MM["simple"]) is target


def test_fingers_that_land_low_and_right_are_understood() -> None:
    """In the gaps between small buttons, where most of such touches lie, most are set right."""
    buttons = [
        Target(Box(column * 16 * MM, row * 16 * MM, 10 * MM, 10 * MM), f"{column}.{row}", OpenPerson("anna"))
        for column in range(3)
        for row in range(3)
    ]
    wanted = buttons[4]
    hits = dict.fromkeys((0.0, *LEAN_MM.values()), 0)
    chance = random.Random(1945)
    for _ in range(2000):
        x, y = middle(wanted)
        x, y = (each + chance.gauss(2.5 * MM, 3.4 * MM) for each in (x, y))
        for lean_mm in hits:
            hits[lean_mm] += meant_by(buttons, x, y, MM, lean_mm=lean_mm) is wanted
    assert hits[0.0] < hits[LEAN_MM["full"]] < hits[LEAN_MM["simple"]]
    missed = {lean_mm: 2000 - count for lean_mm, count in hits.items()}
    assert missed[LEAN_MM["simple"]] < 0.8 * missed[0.0]


@pytest.mark.requirement("V11")
@pytest.mark.parametrize("panel", PANELS)
@pytest.mark.parametrize("profile", ["full", "simple"])
def test_a_trembling_finger_in_a_gap_means_the_nearer_button_or_nothing(panel: str, profile: str) -> None:
    """On the home page as it is, 1,000 touches beside all buttons place no urgent call."""
    style = Style(profile=profile)  # type: ignore[arg-type]
    targets = compose(screen(home("fi"), style=style), PANELS[panel]).targets
    assert any(isinstance(target.action, RequestUrgentCall) for target in targets) or "seven" in panel
    size, chance, lean_mm = PANELS[panel], random.Random(1945), LEAN_MM[profile]
    beside = 0
    while beside < 1000:
        x, y = chance.uniform(0, size.width_px), chance.uniform(0, size.height_px)
        if any(target.box.distance(x, y) == 0 for target in targets):
            continue
        beside += 1
        meant = meant_by(targets, x, y, size.px_per_mm, lean_mm=lean_mm)
        if meant is None:
            continue
        assert not isinstance(meant.action, RequestUrgentCall)
        # No farther away than a finger is moved and may miss.
        assert meant.box.distance(x, y) <= (REACH_MM + lean_mm * 2**0.5) * size.px_per_mm


@pytest.mark.requirement("V11")
@pytest.mark.parametrize("beside_mm", [0.5, 2.0, 3.0, 5.0])
def test_a_touch_beside_the_urgent_call_never_places_it(beside_mm: float) -> None:
    """In a gap nothing is meant, or the neighbour: a call sets people in motion."""
    urgent = Target(Box(80 * MM, 100 * MM, 34 * MM, 31 * MM), "urgent-call", RequestUrgentCall())
    for x in (urgent.box.x - beside_mm * MM, urgent.box.right + beside_mm * MM):
        meant = meant_by([HELP, MUTE, urgent], x, urgent.box.y + 90, MM, lean_mm=LEAN_MM["full"])
        assert meant is not urgent
    middle_x, middle_y = middle(urgent)
    assert meant_by([HELP, MUTE, urgent], middle_x, middle_y, MM, lean_mm=0.0) is urgent
