"""Tablets within earshot of each other at one table: what one plays, the others' microphones hear."""

import asyncio
import statistics
from pathlib import Path

import pytest

from device.media.messages import Connected
from tests.cafe.engine import Engine
from tests.cafe.household import Household
from tests.cafe.tablet import BLOCKS_A_SECOND, TabletAtTable
from tests.cafe.test_janus import ROOM

SPEAKS_S, QUIET_S, LOOK_S = 4.0, 1.0, 0.2
CONNECTS_WITHIN_S, FADES_WITHIN_S = 60.0, 20.0
# With loudspeakers twice as loud at the next tablet as they play it howls, at -6; speech is at -38 to -54.
HOWLING_DBFS, QUIET_DBFS = -25.0, -40.0


async def levels(engine: Engine, folder: Path, tablets: int, coupling: float) -> tuple[float, float]:
    """How loud the loudest speaker is while somebody speaks, and when it has died away, or has not."""
    janus = await engine.client()
    await janus.open_room(ROOM)
    household = Household(tablets, coupling)
    seats = [
        TabletAtTable(f"tablet-{number}", room, folder / f"{number}.frames")
        for number, room in enumerate(household.tablets)
    ]
    try:
        for seat in seats:
            await seat.sit_down(janus, ROOM)
        async with asyncio.timeout(CONNECTS_WITHIN_S):
            while not all(Connected() in seat.said for seat in seats):
                await asyncio.sleep(0.05)
        household.speak()
        await asyncio.sleep(SPEAKS_S)
        loud = max(_level(room.levels, SPEAKS_S - 1) for room in household.tablets)
        household.speak(loud=False)
        return loud, await _when_quiet(household)
    finally:
        for seat in seats:
            await seat.media.close()
        await janus.close()


async def _when_quiet(household: Household) -> float:
    """What goes round and grows is as loud at the end as at the beginning."""
    ends_s = asyncio.get_running_loop().time() + FADES_WITHIN_S
    while True:
        await asyncio.sleep(LOOK_S)
        loudest = max(_level(room.levels, QUIET_S) for room in household.tablets)
        if loudest < QUIET_DBFS or asyncio.get_running_loop().time() > ends_s:
            return loudest


def _level(found: list[float], seconds: float) -> float:
    return statistics.fmean(found[-round(seconds * BLOCKS_A_SECOND) :])


@pytest.mark.requirement("V24", "V25")
def test_three_tablets_within_earshot_do_not_howl(engine: Engine, tmp_path: Path) -> None:
    """Speech is heard at the others and dies away when it ends: nothing goes round and grows."""
    loud, quiet = asyncio.run(levels(engine, tmp_path, tablets=3, coupling=0.5))
    assert loud < HOWLING_DBFS
    assert quiet < QUIET_DBFS
