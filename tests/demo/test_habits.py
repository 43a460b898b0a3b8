"""The simulated residents of the demo's house: now and then something happens, and it ends."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from provisioning.demo.habits import BETWEEN_S, Act, Habits

DAY_S = 24 * 3600
HOUSE = [f"device{number}" for number in range(30)]
ENDS = {"call-a-relative": "hang-up", "fault": "repaired", "leave": "come-back"}


def live(chance: Random, devices: list[str], every_s: float) -> list[Act]:
    """Everything of one day, asked for so often."""
    habits = Habits(devices, chance, 0.0)
    acts, now_s = [], 0.0
    while now_s < DAY_S:
        acts += habits.due(now_s)
        now_s += max(every_s, habits.next_in_s(now_s))
    return acts


@given(st.integers(0, 10**6), st.integers(0, 5), st.floats(60, 3600))
def test_a_device_does_one_thing_at_a_time(seed: int, devices: int, every_s: float) -> None:
    """Whatever begins ends before the next thing of that device; nothing happens where nobody lives."""
    begun: dict[str, str] = {}
    acts = live(Random(seed), HOUSE[:devices], every_s)
    assert [act.at_s for act in acts] == sorted(act.at_s for act in acts)
    for act in acts:
        if act.device in begun:
            assert act.deed == ENDS[begun.pop(act.device)]
        elif act.deed in ENDS:
            begun[act.device] = act.deed
        else:
            assert act.deed in ("help", "ask-for-a-call")
    assert devices or not acts


def test_a_house_of_thirty_is_lively_and_not_a_flood() -> None:
    """About as often as promised; each kind of thing happens on one day."""
    acts = live(Random(1), HOUSE, 1.0)
    begun = [act for act in acts if act.deed not in ENDS.values()]
    assert 0.7 < len(begun) * BETWEEN_S / DAY_S < 1.3
    assert {act.deed for act in acts} == {*ENDS, *ENDS.values(), "help", "ask-for-a-call"}
