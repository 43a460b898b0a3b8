"""What waits for a reader of hints: merged, bounded, and never lost."""

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from cloud.notify.hints import MOST_ROWS, Hint, HintBox, merged, written

SUBJECTS = ("help", "device")
WRITTEN = st.tuples(st.sampled_from(SUBJECTS), st.integers(0, 3 * MOST_ROWS).map(str) | st.just(""))


def read(hints: list[tuple[str, str]]) -> dict[str, Hint]:
    """What a reader finds who comes after all these."""

    async def story() -> list[str]:
        box = HintBox()
        for hint in hints:
            box.put(written(*hint))
        return await box.take()

    texts = asyncio.run(story())
    assert len(texts) <= len(SUBJECTS) * MOST_ROWS
    return {hint.subject: hint for hint in merged(texts)}


@given(st.lists(WRITTEN, min_size=1, max_size=400))
def test_no_changed_row_is_lost(hints: list[tuple[str, str]]) -> None:
    """Each row is named, or all of its subject are meant; nothing is named that has not changed."""
    found = read(hints)
    for subject, row in hints:
        rows = found[subject].rows
        assert not rows or row in rows
    for subject, hint in found.items():
        assert all((subject, row) in hints for row in hint.rows)


def test_a_storm_is_one_hint() -> None:
    """Thousands of devices that come back at once are the whole list, asked for once."""
    assert read([("device", str(number)) for number in range(4000)]) == {"device": Hint("device")}
