"""A device with a telephone: what desk, call process and resident do to it, in the words of the stories."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from device.contract.commands import Command, ConnectCall, EndCall, ForcedCall, Ring
from device.contract.documents import Contact, ForcedCallPolicy, People, Policy, View
from device.contract.events import CallDeclined, CallEnded, CallLogged
from device.media.messages import Connected, FromMedia, Gone, Ready
from device.rules.calls.clock import seconds_to_check
from device.rules.effects import AnswerCommand, BeginCall, Effect, FinishCall, PrepareCall, Record, ShowRoom
from device.rules.events import CommandArrived, DocumentArrived, Intended, LinkChanged, MediaSaid, Ticked
from device.rules.state import DURABLE, State
from device.window_protocol.intents import Intent
from device.window_protocol.model import CallPage, Home, PersonPage
from tests.device.story import EVERYTHING, Story

RITVA = Contact(id="ritva", first_name="Ritva", last_name="Aalto", may_force_call=True)
ANNA = Contact(id="anna", first_name="Anna", last_name="Nieminen", role="professional")
ALLOWING = ForcedCallPolicy(by_professionals=True, by_relatives=True, consent_on_file=True)
OFFER = "v=0 offer"
ANSWER = "v=0 answer"


class CallStory(Story):
    """Aino's device, in touch with the desk; Ritva is her daughter and Anna a nurse."""

    @classmethod
    def of_aino(cls, view: View | None = None) -> "CallStory":
        story = cls()
        for name, document in (
            ("view", view or View(version=1, elements=EVERYTHING)),
            ("people", People(version=1, contacts=[RITVA, ANNA])),
            ("policy", Policy(version=1, forced_calls=ALLOWING)),
        ):
            story.tell(DocumentArrived(name=name, document=document))  # type: ignore[arg-type]
        story.tell(LinkChanged(connected=True))
        story.commands = 0
        return story

    commands = 0

    def restarted(self) -> "CallStory":
        """What is left after a power cut."""
        kept = {part: getattr(self.state, part) for part in DURABLE}
        story = CallStory(State(**kept), wall=self.wall, trusted=self.trusted)
        story._count, story.commands = self._count, self.commands
        return story

    def order(self, command: Command, expires_in_s: float = 45.0) -> list[Effect]:
        """The desk sends a command."""
        self.commands += 1
        expires_at = self.wall + timedelta(seconds=expires_in_s)
        return self.tell(CommandArrived(id=f"c-{self.commands}", command=command, expires_at=expires_at))

    def ring(
        self, call_id: str = "1", contact_id: str = "ritva", name: str = "R", **more: Any
    ) -> list[Effect]:
        return self.order(Ring(call_id=call_id, contact_id=contact_id, name=name, offer=OFFER, **more))

    def force(self, call_id: str = "1", contact_id: str = "anna", **more: Any) -> list[Effect]:
        given = {"role": "professional", "name": "A", "reason": "alarm", "reason_text": "Ovi on auki", **more}
        return self.order(ForcedCall(call_id=call_id, contact_id=contact_id, offer=OFFER, **given), 20.0)

    def connect(self, call_id: str, contact_id: str = "ritva", **more: Any) -> list[Effect]:
        """Whom the resident calls has answered."""
        return self.order(ConnectCall(call_id=call_id, contact_id=contact_id, name="R", offer=OFFER, **more))

    def end(self, call_id: str = "1", why: Any = "hung-up") -> list[Effect]:
        """It is over at the desk's end."""
        return self.order(EndCall(call_id=call_id, why=why))

    def media(self, *messages: FromMedia, call_id: str | None = None) -> list[Effect]:
        """The process of the current call reports something."""
        id_ = call_id or (self.state.call.id if self.state.call else "none")
        return self.tell(*(MediaSaid(call_id=id_, message=message) for message in messages))

    def ready(self) -> list[Effect]:
        """The call process has made an answer."""
        return self.media(Ready(answer=ANSWER, frames="/run/frames"))

    def connected(self) -> list[Effect]:
        """And sound goes both ways."""
        return self.media(Connected())

    def leave(self) -> list[Effect]:
        """The other end is not there any more."""
        return self.media(Gone(reason="consent expired"))

    def touch(self, intent: Intent) -> list[Effect]:
        """Touch a button of the screen."""
        return self.tell(Intended(intent=intent))

    def pass_time(self, seconds: float) -> list[Effect]:
        """Ticks come when the rules of calls ask for them, and at the end."""
        return [effect for effects in self.passing(seconds) for effect in effects]

    def passing(self, seconds: float) -> Iterator[list[Effect]]:
        """The same, tick by tick."""
        left = seconds
        while left > 0:
            due_s = seconds_to_check(self.state, self.now)
            step_s = left if due_s is None else min(left, max(due_s, 0.01))
            self.wait(step_s)
            left -= step_s
            yield self.tell(Ticked())

    def reported(self, kind: type) -> list[Any]:
        """What went to the desk's outbox, of one kind."""
        return [each.what for each in self.recorded(kind)]

    def declined(self) -> list[str]:
        """Why calls were not taken."""
        return [each.why for each in self.reported(CallDeclined)]

    def ended(self) -> list[tuple[str, float]]:
        """Why calls were over, and after how many seconds."""
        return [(each.why, each.seconds) for each in self.reported(CallEnded)]

    def log(self) -> list[CallLogged]:
        """Return the log entries sent to the desk."""
        return self.reported(CallLogged)

    def answers(self) -> list[str]:
        """What became of the commands."""
        return [each.answer.stage for each in self.effects if isinstance(each, AnswerCommand)]

    def rooms(self) -> list[str]:
        """How the caller was shown the room, one after the other."""
        return [each.how for each in self.effects if isinstance(each, ShowRoom)]

    def hang_ups(self) -> list[str]:
        """Return calls whose process was stopped."""
        return [each.call_id for each in self.effects if isinstance(each, FinishCall)]

    def call_page(self) -> CallPage:
        """The call on the screen."""
        page = self.screen().page
        assert isinstance(page, CallPage), page
        return page

    def person_page(self) -> PersonPage:
        """One person on the screen."""
        page = self.screen().page
        assert isinstance(page, PersonPage), page
        return page

    def home_page(self) -> Home:
        """The screen as it is all day."""
        page = self.screen().page
        assert isinstance(page, Home), page
        return page


def begun(effects: list[Effect]) -> list[str]:
    """Return calls with audio both ways."""
    return [each.call_id for each in effects if isinstance(each, BeginCall)]


def prepared(effects: list[Effect]) -> list[str]:
    """Calls whose process was started."""
    return [each.call_id for each in effects if isinstance(each, PrepareCall)]


def recorded(effects: list[Effect]) -> list[object]:
    """Events that go to the desk."""
    return [each.what for each in effects if isinstance(each, Record)]
