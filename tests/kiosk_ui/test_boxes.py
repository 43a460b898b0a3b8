"""Rectangles on the panel: cutting, insets, and sharing a length among size hints."""

from hypothesis import given
from hypothesis import strategies as st

from kiosk_ui.boxes import Box, apart

SIDE = st.integers(0, 40)
BOXES = st.lists(st.builds(Box, SIDE, SIDE, st.integers(1, 15), st.integers(1, 15)), max_size=8)


@given(BOXES)
def test_places_apart_hold_all_and_share_nothing(boxes: list[Box]) -> None:
    """Each place that changed is painted once, and wholly."""
    found = apart(boxes)
    assert all(any(place.holds(box) for place in found) for box in boxes)
    assert not any(one.overlaps(other) for one in found for other in found if one is not other)


@given(BOXES)
def test_what_two_places_share_lies_in_both(boxes: list[Box]) -> None:
    """What is painted never leaves the panel."""
    for one in boxes:
        for other in boxes:
            if one.overlaps(other):
                shared = one.common(other)
                assert one.holds(shared)
                assert other.holds(shared)
                assert min(shared.width, shared.height) > 0
