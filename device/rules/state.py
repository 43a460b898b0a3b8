"""The device's state. Durable parts are saved whenever they change."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from msgspec import Struct, field

from device.contract.cafe import CafeNow
from device.contract.documents import AnyDocument, Calendar, Document, People, Policy, Reported, View
from device.contract.help_progress import ReportHelpProgress
from device.contract.messages import MessagePlan
from device.contract.queue import QueueDocument
from device.contract.values import HelpSource, Language
from device.contract.vital import Fault
from device.rules.calls.call import Call, Calls, CallSignals, ForcedCalls, Over
from device.rules.effects import Shine
from device.rules.message_state import Messages
from device.rules.queue_state import OwnVisit, QueuePages
from device.rules.setup.state import State as SetupState
from device.rules.sound import SoundClass
from device.rules.tables.seat import HostVisits, Invitations, Seat, SeatOver
from device.rules.typing import Typing


class Documents(Struct, frozen=True, kw_only=True):
    """The last valid document of each name, its reported state, and versions that crashed the core."""

    view: View | None = None
    people: People | None = None
    calendar: Calendar | None = None
    policy: Policy | None = None
    cafe: CafeNow | None = None
    queue: QueueDocument | None = None
    messages: MessagePlan | None = None
    reported: dict[Document, Reported] = {}
    set_aside: dict[Document, int] = {}

    def get(self, name: Document) -> AnyDocument | None:
        """Return the document of that name, or None."""
        document: AnyDocument | None = getattr(self, name)
        return document

    def versions(self, *names: Document) -> dict[Document, int]:
        """Return the versions of those of the named documents that have arrived."""
        kept = {name: self.get(name) for name in names}
        return {name: document.version for name, document in kept.items() if document}


Stage = Literal["sending", "received", "taken", "arrived", "closed"]


class Request(Struct, frozen=True, kw_only=True):
    """A help request or urgent call; ``id`` is also its event's.

    ``https_due_s`` is when it is sent by HTTPS as well, if it is not received by then. A contact may
    have answered by SMS before it is ``at_desk``. ``by`` is named in the newest stage; ``taken_by`` is who
    was coming, as somebody else may arrive first. ``progress`` is the desk's last report on an unanswered
    request; ``update_number`` is that of the desk's newest update. ``pressed_s`` is when it was last pressed.
    """

    id: str
    raised_at: datetime
    stage: Stage = "sending"
    by: str = ""
    at_desk: bool = False
    received_at: datetime | None = None
    progress: ReportHelpProgress | None = None
    taken_by: str = ""
    taken_at: datetime | None = None
    update_number: int = 0
    https_due_s: float = 0.0
    pressed_s: float = 0.0

    @property
    def open(self) -> bool:
        """Return whether the request is not closed."""
        return self.stage != "closed"


class TextMessage(Struct, frozen=True, kw_only=True):
    """One SMS to an escalation contact; ``place`` is its index in the round.

    ``handed`` is the stage before the modem has answered.
    """

    id: str
    name: str
    number: str
    place: int
    outcome: Literal["handed", "sent", "delivered", "failed"] = "handed"


class Sms(Struct, frozen=True, kw_only=True):
    """The SMS escalation of the help request ``help_id``.

    ``sent`` begins with the oldest; ``next`` is the index of the contact notified at ``due_s``; ``failures``
    counts consecutive ones. ``hinted`` are numbers that were sent instructions, ``late`` those that answered
    when somebody else was coming, ``wrong_codes`` those that sent another code.
    """

    help_id: str = ""
    code: str = ""
    due_s: float = 0.0
    sent: tuple[TextMessage, ...] = ()
    next: int = 0
    round: int = 0
    failures: int = 0
    hinted: tuple[str, ...] = ()
    late: tuple[str, ...] = ()
    wrong_codes: tuple[str, ...] = ()
    sent_who_comes: bool = False


class Requests(Struct, frozen=True, kw_only=True):
    """The resident's requests, open or just ended: for help, and for an urgent call."""

    help: Request | None = None
    urgent_call: Request | None = None

    @property
    def help_is_open(self) -> bool:
        """Return whether the resident waits for help, or has it."""
        return self.help is not None and self.help.open


PressStage = Literal["none", "holding", "counting", "too-short", "cancelled"]


class Press(Struct, frozen=True, kw_only=True):
    """A press that is not a request yet, or was none: held, counted down, released early, cancelled.

    ``lifted_s`` is when a finger left a button that must be held; it may only have trembled.
    """

    stage: PressStage = "none"
    source: HelpSource = "screen"
    began_s: float = 0.0
    lifted_s: float | None = None


class Mute(Struct, frozen=True, kw_only=True):
    """Until when the ring is silent."""

    until: datetime | None = None


class Link(Struct, frozen=True, kw_only=True):
    """The link to the desk. ``in_touch_at`` is when it was last known to be up."""

    connected: bool = False
    in_touch_at: datetime | None = None
    reason: str = ""


PageName = Literal[
    "home",
    "help",
    "installer",
    "today",
    "people",
    "letters",
    "person",
    "cafe",
    "visits",
    "queue",
    "urgent",
    "mute",
    "messages",
    "album",
]


class Navigation(Struct, frozen=True, kw_only=True):
    """The current page, and the time of the last touch. ``letter``: only people whose name begins with it."""

    page: PageName = "home"
    contact_id: str = ""
    letter: str = ""
    touched_s: float = 0.0


PLAIN_FROM_LOSSES = 3


class Window(Struct, frozen=True, kw_only=True):
    """The window's drawing loop, last beat at ``heard_s``; ``lost_s`` while it is missing (K2).

    ``losses`` counts those that followed each other closely, the last at ``last_loss_s``.
    """

    attached: bool = False
    painted: bool = False
    heard_s: float = 0.0
    lost_s: float | None = None
    losses: int = 0
    last_loss_s: float = 0.0

    @property
    def is_plain(self) -> bool:
        """Return whether it gets no photos and no moving pictures, as it keeps falling over something."""
        return self.losses >= PLAIN_FROM_LOSSES


class RemoteView(Struct, frozen=True, kw_only=True):
    """A remote view until ``until_s``."""

    by: str
    until_s: float
    picture_asked: bool = False
    picture_stale: bool = True


class HelpStep(Struct, frozen=True, kw_only=True):
    """A help announcement; ``about`` is a request's id, or distinguishes presses.

    ``sms`` is the contact who was sent an SMS, and its state; ``progress`` is the desk's.
    """

    about: str
    stage: Stage | PressStage
    by: str = ""
    connected: bool = False
    sms: str = ""
    progress: str = ""


class Signals(Struct, frozen=True, kw_only=True):
    """The last requests to speaker, lamps and backlight, and the help steps that were announced."""

    volumes: Mapping[SoundClass, float] = {}
    shining: tuple[Shine, ...] = ()
    backlight: float | None = None
    announced: tuple[HelpStep, ...] = ()
    call: CallSignals = field(default_factory=CallSignals)
    help_words_until_s: float = 0.0


class NightlyTest(Struct, frozen=True, kw_only=True):
    """The self-test: the ``night`` (its date) of the last one, its attempts, its result.

    ``running`` is the id of the current one, ``command_id`` the command that requested it.
    """

    night: str = ""
    tries: int = 0
    done: bool = False
    faults: tuple[Fault, ...] = ()
    running: str = ""
    command_id: str = ""


class Certificate(Struct, frozen=True, kw_only=True):
    """The certificate's expiry, and its renewal; not retried before ``retry_at_s``."""

    ends_at: datetime | None = None
    serial: int = 0
    running: bool = False
    retry_at_s: float = 0.0
    tries: int = 0


class Retirement(Struct, frozen=True, kw_only=True):
    """Retirement by the desk; ``receipt`` is empty where the device is in use. The wipe starts once."""

    receipt: str = ""
    since_s: float = 0.0
    begun: bool = False
    ask_due_s: float | None = None


class Trial(Struct, frozen=True, kw_only=True):
    """A release on trial, and its results; ``test`` is the id of its running self-test."""

    release: tuple[str, int]
    until_s: float
    painted: bool = False
    received: bool = False
    heard: bool = False
    test: str = ""
    test_due_s: float = 0.0


class Update(Struct, frozen=True, kw_only=True):
    """Software updates: the next check, the waiting release, the one on trial."""

    is_on: bool = False
    ask_due_s: float = 0.0
    running: bool = False
    failures: int = 0
    waiting: tuple[str, int] | None = None
    used_since_s: float | None = None
    trial: Trial | None = None


class RefusedReleases(Struct, frozen=True, kw_only=True):
    """Numbers of refused releases: rolled back, or not trusted."""

    numbers: tuple[int, ...] = ()


class InstallerAccess(Struct, frozen=True, kw_only=True):
    """An installer at the device: the PIN typed so far, wrong ones, and the network page it has opened."""

    typing: Typing = Typing()
    is_wrong: bool = False
    failures: int = 0
    locked_until_s: float = 0.0
    setup: SetupState | None = None


class State(Struct, frozen=True, kw_only=True):
    """The state of the whole device."""

    documents: Documents = field(default_factory=Documents)
    requests: Requests = field(default_factory=Requests)
    sms: Sms = field(default_factory=Sms)
    press: Press = field(default_factory=Press)
    urgent_asked_s: float | None = None
    mute: Mute = field(default_factory=Mute)
    link: Link = field(default_factory=Link)
    navigation: Navigation = field(default_factory=Navigation)
    window: Window = field(default_factory=Window)
    remote_view: RemoteView | None = None
    messages: Messages = field(default_factory=Messages)
    queue: OwnVisit = field(default_factory=OwnVisit)
    queue_pages: QueuePages = field(default_factory=QueuePages)
    touched_from_afar_s: float | None = None
    call: Call | None = None
    call_over: Over | None = None
    calls: Calls = field(default_factory=Calls)
    seat: Seat | None = None
    seat_over: SeatOver | None = None
    invitations: Invitations = field(default_factory=Invitations)
    inviting: str = ""
    host_visits: HostVisits = field(default_factory=HostVisits)
    forced_calls: ForcedCalls = field(default_factory=ForcedCalls)
    signals: Signals = field(default_factory=Signals)
    self_test: NightlyTest = field(default_factory=NightlyTest)
    certificate: Certificate = field(default_factory=Certificate)
    update: Update = field(default_factory=Update)
    refused_releases: RefusedReleases = field(default_factory=RefusedReleases)
    restart_check_due_s: float = 0.0
    installer: InstallerAccess = field(default_factory=InstallerAccess)
    retirement: Retirement = field(default_factory=Retirement)
    faults: tuple[Fault, ...] = ()
    complaints: dict[str, float] = {}
    version: str = ""
    has_modem: bool = False
    first_language: Language = "fi"
    began_s: float = 0.0
    heartbeat_due_s: float = 0.0
    reported_faults: tuple[Fault, ...] = ()


DURABLE: dict[str, type[Struct]] = {
    "documents": Documents,
    "requests": Requests,
    "sms": Sms,
    "press": Press,
    "mute": Mute,
    "link": Link,
    "calls": Calls,
    "invitations": Invitations,
    "forced_calls": ForcedCalls,
    "host_visits": HostVisits,
    "self_test": NightlyTest,
    "queue": OwnVisit,
    "messages": Messages,
    "refused_releases": RefusedReleases,
}
