"""A device in the test's hand: a list of events and a clock."""

from datetime import UTC, datetime, timedelta

from device.contract.documents import Contact, Elements, People, Policy, View
from device.rules.effects import Effect, Record
from device.rules.events import DocumentArrived, Event
from device.rules.now import Now
from device.rules.state import State
from device.rules.step import step
from device.screen.compose import compose
from device.window_protocol.model import Screen

NOON = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
EVERYTHING = Elements(
    cafe=True, relatives=True, urgent_call=True, calendar=True, mute=True, clock=True, date=True
)


class Story:
    """Tells events to the rules one after the other and keeps what they asked for."""

    def __init__(self, state: State | None = None, *, wall: datetime = NOON, trusted: bool = True) -> None:
        self.state = state or State()
        self.wall = wall
        self.monotonic_s = 100.0
        self.trusted = trusted
        self.effects: list[Effect] = []
        self._count = 0

    @classmethod
    def of_aino(cls, view: View | None = None) -> "Story":
        """A device with a view of everything, one contact and a permissive policy, in touch with the desk."""
        story = cls()
        people = People(version=1, contacts=[Contact(id="ritva", first_name="Ritva", last_name="Aalto")])
        for name, document in (
            ("view", view or View(version=1, elements=EVERYTHING)),
            ("people", people),
            ("policy", Policy(version=1)),
        ):
            story.tell(DocumentArrived(name=name, document=document))  # type: ignore[arg-type]
        return story

    @property
    def now(self) -> Now:
        """This moment, with the id that the next thing made will have."""
        return Now(wall=self.wall, monotonic_s=self.monotonic_s, trusted=self.trusted, id=f"id-{self._count}")

    def tell(self, *events: Event) -> list[Effect]:
        """What the rules ask for at these events."""
        asked: list[Effect] = []
        for event in events:
            self._count += 1
            self.state, effects = step(self.state, event, self.now)
            asked += effects
        self.effects += asked
        return asked

    def wait(self, seconds: float) -> None:
        """Time passes on every clock."""
        self.wall += timedelta(seconds=seconds)
        self.monotonic_s += seconds

    def recorded(self, kind: type) -> list[Record]:
        """All events of a kind that went to the outbox."""
        return [each for each in self.effects if isinstance(each, Record) and isinstance(each.what, kind)]

    def screen(self) -> Screen:
        """What the resident sees now."""
        return compose(self.state, self.now, lambda _sha256: None).screen
