"""Whatever comes in whatever order: what must hold of calls at every moment."""

from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from device.contract.commands import UpdateHelp
from device.contract.documents import Contact, ForcedCallPolicy, People, Policy
from device.contract.events import CallAnswered, CallEnded, CallMissed, UrgentCallRequested
from device.media.messages import Connected, Gone, PictureIs, Ready, Trouble, Unusable
from device.rules.effects import BeginCall, Effect, FinishCall, PrepareCall, Record, ShowRoom
from device.rules.events import DocumentArrived, LinkChanged
from device.window_protocol.intents import (
    AnswerCall,
    ForgetMissed,
    HangUp,
    OpenPage,
    PlaceCall,
    PressHelp,
    RefuseCall,
    RequestUrgentCall,
)
from device.window_protocol.model import CallPage
from tests.device.call_story import CallStory
from tests.examples import examples

CONTACTS = st.sampled_from(["ritva", "anna", "stranger"])
IDS = st.one_of(st.none(), st.sampled_from([f"call-{number}" for number in range(4)]))
LIMIT_MIN = 3


class Telephone(RuleBasedStateMachine):
    """One device, everything that can be done to it, and what never happens."""

    def __init__(self) -> None:
        super().__init__()
        self.story = CallStory.of_aino()
        self.running: str | None = None
        self.begun_s: float | None = None
        self.counting_since = 0.0
        self.numbered = 4

    def happen(self, effects: list[Effect]) -> None:
        """Follows the call processes as the effects start and end them."""
        for effect in effects:
            match effect:
                case PrepareCall(call_id=id_):
                    assert self.running is None, "two calls at once"
                    self.running = id_
                case BeginCall(call_id=id_):
                    assert self.running == id_
                    self.begun_s = self.story.monotonic_s
                case ShowRoom(call_id=id_):
                    assert self.running == id_
                case FinishCall(call_id=id_):
                    assert self.running == id_, "a call that was not prepared"
                    self.running, self.begun_s = None, None
                case Record(what=CallAnswered(call_id=id_)):
                    self.answered(id_)

    def answered(self, call_id: str) -> None:
        call = self.story.state.call
        assert call
        assert call.id == call_id
        if call.forced:
            policy, people = self.story.state.documents.policy, self.story.state.documents.people
            assert policy
            assert people
            (caller,) = (each for each in people.contacts if each.id == call.about.party.contact_id)
            forced = policy.forced_calls
            assert forced.consent_on_file
            assert forced.by_relatives if caller.role == "relative" else forced.by_professionals
            assert caller.role == "professional" or caller.may_force_call
            assert self.story.monotonic_s >= self.counting_since + forced.countdown_s - 0.001

    def id_or_new(self, call_id: str | None) -> str:
        """One that may have been here before, or one that was not."""
        self.numbered += 1
        return call_id or f"call-{self.numbered}"

    @property
    def current(self) -> str:
        """The id of the call that is on, or of none."""
        return self.story.state.call.id if self.story.state.call else "none"

    @rule(call_id=IDS, contact=CONTACTS, limit=st.integers(1, 240), answers_help=st.booleans())
    def ring(self, call_id: str | None, contact: str, limit: int, answers_help: bool) -> None:
        id_ = self.id_or_new(call_id)
        self.happen(self.story.ring(id_, contact, limit_min=limit, answers_help=answers_help))

    @rule(call_id=IDS, contact=CONTACTS, role=st.sampled_from(["relative", "professional"]))
    def force(self, call_id: str | None, contact: str, role: Any) -> None:
        call_id = self.id_or_new(call_id)
        before = self.story.state.call
        state = self.story.state
        effects = self.story.force(call_id, contact, role=role)
        if self.story.state.call is not before:
            self.counting_since = self.story.monotonic_s
            assert self.story.trusted
            assert call_id not in state.calls.seen
        self.happen(effects)

    @rule(contact=CONTACTS, is_current=st.booleans())
    def connect(self, contact: str, is_current: bool) -> None:
        wish = self.story.state.requests.urgent_call
        self.happen(self.story.connect(self.current if is_current or not wish else wish.id, contact))

    @rule(why=st.sampled_from(["hung-up", "refused", "gone", "withdrawn", "limit"]))
    def end(self, why: str) -> None:
        self.happen(self.story.end(self.current, why))

    @rule(
        message=st.sampled_from(
            [
                Ready(answer="v=0", frames="/f"),
                Connected(),
                PictureIs(quality="poor"),
                Trouble(part="camera", reason="gone"),
                Unusable(reason="nonsense"),
                Gone(reason="consent"),
            ]
        )
    )
    def media(self, message: Any) -> None:
        self.happen(self.story.media(message, call_id=self.current))

    @rule()
    def come_about(self) -> None:
        """The way most calls go, so that long ones are met."""
        self.happen(self.story.media(Ready(answer="v=0", frames="/f"), call_id=self.current))
        self.happen(self.story.touch(AnswerCall(self.current)))
        self.happen(self.story.media(Connected(), call_id=self.current))

    @rule(contact=st.sampled_from(["anna", "ritva"]))
    def look_in(self, contact: str) -> None:
        """The way a forced call goes on a quiet day."""
        self.story.trusted = True
        self.close_help()
        self.happen(self.story.end(self.current, "gone"))
        self.force(None, contact, "relative" if contact == "ritva" else "professional")
        self.happen(self.story.media(Ready(answer="v=0", frames="/f"), call_id=self.current))
        self.time(11.0)
        self.happen(self.story.media(Connected(), call_id=self.current))

    @rule(make=st.sampled_from([AnswerCall, RefuseCall, HangUp]))
    def touch_call(self, make: Any) -> None:
        self.happen(self.story.touch(make(self.current)))

    @rule(intent=st.sampled_from([ForgetMissed(), OpenPage("visits"), RequestUrgentCall(), OpenPage("home")]))
    def touch(self, intent: Any) -> None:
        self.happen(self.story.touch(intent))

    @rule(contact=CONTACTS)
    def place(self, contact: str) -> None:
        self.happen(self.story.touch(PlaceCall(contact)))

    @rule(is_closed=st.booleans())
    def help(self, is_closed: bool) -> None:
        self.happen(self.story.touch(PressHelp()))
        if is_closed:
            self.close_help()

    def close_help(self) -> None:
        """Somebody has come and gone."""
        if help_ := self.story.state.requests.help:
            self.happen(self.story.order(UpdateHelp(help_id=help_.id, stage="closed")))

    @rule(
        use=st.sampled_from(["in-use", "in-use", "in-use", "in-repair"]),
        by=st.booleans(),
        consent=st.sampled_from([True, True, True, False]),
    )
    def policy(self, use: Any, by: bool, consent: bool) -> None:
        forced = ForcedCallPolicy(
            by_professionals=by, by_relatives=True, consent_on_file=consent, most_per_day=24
        )
        policy = Policy(version=2, use=use, call_limit_min=LIMIT_MIN, forced_calls=forced)
        self.happen(self.story.tell(DocumentArrived(name="policy", document=policy)))

    @rule(may_force=st.booleans(), has_anna=st.sampled_from([True, True, False]))
    def people(self, may_force: bool, has_anna: bool) -> None:
        contacts = [Contact(id="ritva", first_name="Ritva", may_force_call=may_force)]
        contacts += [Contact(id="anna", first_name="Anna", role="professional")] if has_anna else []
        people = People(version=2, contacts=contacts)
        self.happen(self.story.tell(DocumentArrived(name="people", document=people)))

    @rule(is_connected=st.booleans())
    def link(self, is_connected: bool) -> None:
        self.happen(self.story.tell(LinkChanged(connected=is_connected)))

    @rule(trusted=st.booleans())
    def clock(self, trusted: bool) -> None:
        self.story.trusted = trusted

    @rule(seconds=st.sampled_from([0.5, 4.0, 11.0, 50.0, 130.0, 200.0]))
    def time(self, seconds: float) -> None:
        for effects in self.story.passing(seconds):
            self.happen(effects)

    @rule()
    def restart(self) -> None:
        """The call processes end with the core."""
        effects, self.story = self.story.effects, self.story.restarted()
        self.story.effects = effects
        self.running, self.begun_s = None, None
        self.happen(self.story.tell(LinkChanged(connected=True)))

    @invariant()
    def a_process_runs_exactly_while_its_call_is_on(self) -> None:
        call = self.story.state.call
        assert self.running == (call.id if call and call.prepared else None)

    @invariant()
    def help_has_the_screen_for_itself(self) -> None:
        """Except for a call of the person who answers it."""
        help_, call = self.story.state.requests.help, self.story.state.call
        if help_ and help_.open and not (call and call.about.answers_help):
            assert call is None
            assert not isinstance(self.story.screen().page, CallPage)

    @invariant()
    def no_call_outlives_its_limit(self) -> None:
        call = self.story.state.call
        if self.begun_s is not None:
            assert call
            assert self.story.monotonic_s - self.begun_s <= call.about.limit_min * 60

    @invariant()
    def what_is_kept_is_what_is_on(self) -> None:
        call = self.story.state.call
        assert self.story.state.calls.under_way == (call.about if call else None)

    @invariant()
    def every_end_is_reported_once(self) -> None:
        """An urgent wish may be tried again under its id; no other call is."""
        wishes = {each.request_id for each in self.story.reported(UrgentCallRequested)}
        ends = [each.call_id for each in self.story.reported(CallEnded) if each.call_id not in wishes]
        assert len(ends) == len(set(ends))
        missed = [each.call_id for each in self.story.reported(CallMissed) if each.call_id not in wishes]
        assert not set(missed) & set(ends)
        assert self.current not in {*missed, *ends}


@pytest.mark.requirement("K5")
@pytest.mark.requirement("V21")
def test_what_must_hold_of_calls_holds_always() -> None:
    """Never two calls, none beyond its limit, none forced without leave, help first, every process ended."""
    often = settings(max_examples=examples(50), stateful_step_count=40)
    run_state_machine_as_test(Telephone, settings=often)
