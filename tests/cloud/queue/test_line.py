"""The line as a state machine: nobody is overtaken, lost or doubled, whatever happens in whatever order."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from cloud.queue import line
from cloud.queue.line import Refused, Visit
from tests.examples import examples

BEGAN = datetime(2026, 11, 28, 8, 0, tzinfo=UTC)
QUEUES, AGENTS = (1, 2), (7, 8, 9)


class Line(RuleBasedStateMachine):
    """Customers, agents and clocks do what they like."""

    def __init__(self) -> None:
        super().__init__()
        self.now = BEGAN
        self.visits: dict[int, Visit] = {}
        self.joined = 0

    @rule(queue=st.sampled_from(QUEUES), way=st.sampled_from(("text", "video")))
    def join(self, queue: int, way: line.Way) -> None:
        self.joined += 1
        self.visits[self.joined] = Visit(
            id=f"v{self.joined}", number=self.joined, queue=queue, way=way, joined_at=self.now
        )

    @rule(agent=st.sampled_from(AGENTS), queues=st.sets(st.sampled_from(QUEUES), min_size=1))
    def take_next(self, agent: int, queues: set[int]) -> None:
        visit = line.next_of(self.visits.values(), queues)
        ready = [other for other in self.visits.values() if other.queue in queues and other.can_be_taken]
        if visit is None:
            assert not ready
            return
        assert all(visit.number <= other.number for other in ready), "somebody was overtaken"
        self.visits[visit.number] = line.take(visit, agent, self.now)
        if visit.way == "video":
            assert self.visits[visit.number].way == "video", "video never falls back to text"

    @rule(data=st.data(), agent=st.sampled_from(AGENTS))
    def take_chosen_twice(self, data: st.DataObject, agent: int) -> None:
        visit = self._any(data)
        if visit is None:
            return
        if not visit.can_be_taken:
            with pytest.raises(Refused):
                line.take(visit, agent, self.now)
            return
        taken = line.take(visit, agent, self.now)
        with pytest.raises(Refused, match="taken"):
            line.take(taken, agent, self.now)
        self.visits[visit.number] = taken

    @rule(data=st.data(), how=st.sampled_from(("release", "remove", "transfer", "gone")))
    def let_go(self, data: st.DataObject, how: str) -> None:
        visit = self._any(data)
        if visit is None or visit.stage != "served" or visit.agent is None:
            return
        stranger = next(agent for agent in AGENTS if agent != visit.agent)
        with pytest.raises(Refused):
            line.remove(visit, stranger, self.now)
        assert line.agent_gone(visit, stranger) == visit
        if how == "remove":
            after = line.remove(visit, visit.agent, self.now)
        elif how == "transfer":
            after = line.transfer(visit, visit.agent, 2 if visit.queue == 1 else 1)
        elif how == "release":
            after = line.release(visit, visit.agent)
        else:
            after = line.agent_gone(visit, visit.agent)
        if how != "remove":
            assert (after.stage, after.number, after.joined_at) == ("waiting", visit.number, visit.joined_at)
        self.visits[visit.number] = after

    @rule(data=st.data(), what=st.sampled_from(("leave", "lose", "back", "expire", "offer", "yes", "no")))
    def happens(self, data: st.DataObject, what: str) -> None:
        visit = self._any(data)
        if visit is None:
            return
        steps = {
            "leave": lambda: line.leave(visit, self.now),
            "lose": lambda: line.lose(visit, self.now),
            "back": lambda: line.come_back(visit),
            "expire": lambda: line.expire(visit, self.now),
            "offer": lambda: line.offer_call_back(visit, self.now, 10),
            "yes": lambda: line.answer_call_back(visit, accepted=True),
            "no": lambda: line.answer_call_back(visit, accepted=False),
        }
        after = steps[what]()
        if visit.stage == "ended":
            assert after == visit, "what is over stays as it was"
        if what == "expire" and after.end == "away" and visit.is_open:
            assert visit.away_since is not None
            assert self.now - visit.away_since >= timedelta(seconds=line.GRACE_S)
        self.visits[visit.number] = after

    @rule(data=st.data(), by=st.sampled_from(("customer", "agent")))
    def raise_to_video(self, data: st.DataObject, by: str) -> None:
        visit = self._any(data)
        if visit is None or visit.stage != "served":
            return
        after = line.ask_video(visit, by)  # type: ignore[arg-type]
        assert after.video != ""
        assert visit.video != "on" or after.video == "on"
        self.visits[visit.number] = after

    @rule(seconds=st.integers(-3600, 3600))
    def time_passes_or_jumps(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @invariant()
    def nobody_is_lost_or_doubled(self) -> None:
        assert len(self.visits) == self.joined
        assert len({visit.id for visit in self.visits.values()}) == self.joined
        places = [
            line.place_of(v, self.visits.values())
            for q in QUEUES
            for v in line.in_order(self.visits.values(), q)
        ]
        waiting = [len(line.in_order(self.visits.values(), queue)) for queue in QUEUES]
        assert places == [place for count in waiting for place in range(1, count + 1)]

    @invariant()
    def stages_make_sense(self) -> None:
        for visit in self.visits.values():
            assert (visit.stage == "served") == (visit.agent is not None and visit.is_open)
            assert (visit.stage == "ended") == (visit.ended_at is not None) == bool(visit.end)
            if visit.ended_at:
                assert visit.ended_at >= visit.joined_at

    def _any(self, data: st.DataObject) -> Visit | None:
        return (
            data.draw(st.sampled_from(sorted(self.visits.values(), key=lambda v: v.number)))
            if self.visits
            else None
        )


TestLine = pytest.mark.requirement("Q6")(Line.TestCase)
TestLine.settings = settings(max_examples=examples(60), stateful_step_count=40)


@pytest.mark.requirement("Q9")
def test_a_customer_who_comes_back_in_time_has_the_place_and_one_who_comes_late_is_out() -> None:
    """Away for 119 s is nothing; away for 120 s is the end of the visit."""
    first, second = (
        Visit(id=name, number=number, queue=1, way="text", joined_at=BEGAN)
        for number, name in enumerate(("first", "second"), 1)
    )
    away = line.lose(first, BEGAN)
    assert line.next_of([away, second], [1]) == second
    back = line.come_back(line.expire(away, BEGAN + timedelta(seconds=119)))
    assert line.next_of([back, second], [1]) == back
    late = line.expire(away, BEGAN + timedelta(seconds=120))
    assert (late.end, line.come_back(late)) == ("away", late)


def test_a_promised_call_keeps_the_place_without_a_screen() -> None:
    """Who waits for a call back may be away, and is next all the same."""
    visit = Visit(id="v", number=1, queue=1, way="text", joined_at=BEGAN)
    offered = line.offer_call_back(visit, BEGAN + timedelta(minutes=10), 10)
    promised = line.lose(line.answer_call_back(offered, accepted=True), BEGAN)
    assert line.expire(promised, BEGAN + timedelta(hours=3)) == promised
    assert line.next_of([promised], [1]) == promised
