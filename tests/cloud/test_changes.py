"""What waits for a reader of changes: merged, bounded, and never lost."""

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from cloud.notify.changes import MOST_ROWS, Change, ChangeQueue, merged, written

SUBJECTS = ("help", "device")
WRITTEN = st.tuples(st.sampled_from(SUBJECTS), st.integers(0, 3 * MOST_ROWS).map(str) | st.just(""))


def read(changes: list[tuple[str, str]]) -> dict[str, Change]:
    """What a reader finds who comes after all these."""

    async def story() -> list[str]:
        box = ChangeQueue()
        for change in changes:
            box.put(written(*change))
        return await box.take()

    texts = asyncio.run(story())
    assert len(texts) <= len(SUBJECTS) * MOST_ROWS
    return {change.subject: change for change in merged(texts)}


@given(st.lists(WRITTEN, min_size=1, max_size=400))
def test_no_changed_row_is_lost(changes: list[tuple[str, str]]) -> None:
    """Each row is named, or all of its subject are meant; nothing is named that has not changed."""
    found = read(changes)
    for subject, row in changes:
        rows = found[subject].rows
        assert not rows or row in rows
    for subject, change in found.items():
        assert all((subject, row) in changes for row in change.rows)


def test_a_storm_is_one_hint() -> None:
    """Thousands of devices that come back at once are the whole list, asked for once."""
    assert read([("device", str(number)) for number in range(4000)]) == {"device": Change("device")}
