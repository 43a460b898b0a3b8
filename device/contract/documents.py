"""Documents: desired state that the desk writes and the device shows (K1)."""

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from device.contract.alarm import AlarmReadiness
from device.contract.cafe import CafeNow
from device.contract.hours import OpeningHours
from device.contract.messages import MessagePlan
from device.contract.queue import QueueDocument
from device.contract.values import (
    Identifier,
    Language,
    Line,
    LocalDate,
    LocalDateTime,
    LocalTime,
    Name,
    Sha256,
    TimeZone,
    Version,
)
from device.contract.wire import Instant

Document = Literal["view", "people", "calendar", "policy", "cafe", "queue", "messages"]
Presence = Literal["available", "busy", "away", "can-be-rung"]
Press = Literal["at-once", "hold", "cancellable"]


class Elements(Struct, frozen=True, kw_only=True):
    """The elements of the resident's view (V1), each shown or hidden independently."""

    cafe: bool = False
    relatives: bool = False
    urgent_call: bool = False
    calendar: bool = False
    mute: bool = False
    clock: bool = False
    date: bool = False
    queue: bool = False


class Theme(Struct, frozen=True, kw_only=True):
    """The colour theme. ``auto`` is dark from ``night_from`` until ``night_until``, also across midnight."""

    mode: Literal["day", "night", "auto"] = "auto"
    night_from: LocalTime = "21:00"
    night_until: LocalTime = "07:00"
    high_contrast: bool = False


class View(Struct, frozen=True, kw_only=True):
    """The resident's view: its elements, appearance and language (V1, V6, K13).

    An idle page returns to the home page after ``home_after_s``. ``slide_show_after_min``: show pictures from
    relatives after so many minutes without a touch; 0 is never.
    """

    version: Version
    elements: Elements = field(default_factory=Elements)
    language: Language = "fi"
    time_zone: TimeZone = "Europe/Helsinki"
    profile: Literal["full", "simple"] = "full"
    theme: Theme = field(default_factory=Theme)
    text_scale: Annotated[float, Meta(ge=1.0, le=1.6)] = 1.0
    speak_on_touch: bool = False
    hang_up_presses: Literal[1, 2] = 1
    home_after_s: Annotated[int, Meta(ge=10, le=900)] = 90
    slide_show_after_min: Annotated[int, Meta(ge=0, le=120)] = 0


class Resident(Struct, frozen=True, kw_only=True):
    """The person the device is for. A missing name never blocks a screen (V3)."""

    first_name: Name = ""
    last_name: Name = ""


class Contact(Struct, frozen=True, kw_only=True):
    """A contact that the resident sees and may call; the desk sets the order of the list (V15, V26).

    ``can-be-rung``: their page is closed, their phone rings. ``last_here`` is when their page was last open.
    """

    id: Identifier
    first_name: Name = ""
    last_name: Name = ""
    relation: Name = ""
    role: Literal["relative", "professional"] = "relative"
    favourite: bool = False
    presence: Presence = "away"
    last_here: Instant | None = None
    photo: Sha256 | None = None
    phone: Annotated[str, Meta(max_length=40)] = ""
    may_force_call: bool = False


class People(Struct, frozen=True, kw_only=True):
    """The resident and the people around them."""

    version: Version
    resident: Resident = field(default_factory=Resident)
    contacts: Annotated[list[Contact], Meta(max_length=200)] = []


class Occurrence(Struct, frozen=True, kw_only=True):
    """One occurrence of an appointment, in wall time of ``time_zone``; never a precomputed UTC.

    The desk has expanded recurrence rules: the occurrences of one appointment share its ``id``. An all-day
    one lasts from the date of ``starts`` up to, not including, that of ``ends``.
    """

    id: Identifier
    title: Line
    starts: LocalDateTime
    ends: LocalDateTime | None = None
    all_day: bool = False
    place: Line = ""
    time_zone: TimeZone | None = None


class Cafe(Struct, frozen=True, kw_only=True):
    """The virtual café: its weekly hours, and the days on which it is closed (V25)."""

    name: Name = ""
    hours: Annotated[list[OpeningHours], Meta(max_length=21)] = []
    closed_on: Annotated[list[LocalDate], Meta(max_length=100)] = []


class Calendar(Struct, frozen=True, kw_only=True):
    """All occurrences up to and including ``known_until``, and the café's hours.

    Without ``known_until`` the calendar is complete: nothing in it repeats.
    """

    version: Version
    occurrences: Annotated[list[Occurrence], Meta(max_length=1000)] = []
    known_until: LocalDate | None = None
    cafe: Cafe = field(default_factory=Cafe)


class EscalationContact(Struct, frozen=True, kw_only=True):
    """A contact that the device notifies by SMS when no other path works (K3, S3, S7)."""

    name: Name
    office_phone: Annotated[str, Meta(max_length=20, pattern=r"^\+[0-9]{5,15}$")]
    other_phone: Annotated[str, Meta(max_length=20, pattern=r"^(\+[0-9]{5,15})?$")] = ""


class HelpPolicy(Struct, frozen=True, kw_only=True):
    """How a press becomes a help request, and who is notified when the desk cannot be reached.

    Each of the three sources has its own activation: at once; held for 2 s; or with 10 s to cancel. A pendant
    does not report how long it is held: there ``hold`` is at once. A contact notified by SMS has
    ``sms_wait_s`` to answer before the next one is notified. The office hours apply on weekdays, but not on
    holidays and the organisation's closed days (S7).
    """

    screen: Press = "at-once"
    button: Press = "at-once"
    pendant: Press = "at-once"
    sms_wait_s: Annotated[int, Meta(ge=30, le=600)] = 60
    contacts: Annotated[list[EscalationContact], Meta(max_length=10)] = []
    office_from: LocalTime = "08:00"
    office_until: LocalTime = "16:00"
    office_closed_on: Annotated[list[LocalDate], Meta(max_length=200)] = []


class ForcedCallPolicy(Struct, frozen=True, kw_only=True):
    """Who may make this device answer automatically, and how (V12, K5)."""

    by_professionals: bool = False
    by_relatives: bool = False
    consent_on_file: bool = False
    allowed_from: LocalTime = "08:00"
    allowed_until: LocalTime = "20:00"
    most_per_day: Annotated[int, Meta(ge=0, le=24)] = 4
    countdown_s: Annotated[int, Meta(ge=5, le=30)] = 10


class RemoteViewPolicy(Struct, frozen=True, kw_only=True):
    """Whether the desk may view the screen remotely, and whether it may touch it."""

    allowed: bool = False
    may_touch: bool = False


class BrokerAddress(Struct, frozen=True, kw_only=True):
    """Where a broker listens for devices."""

    host: Annotated[str, Meta(min_length=1, max_length=253)]
    port: Annotated[int, Meta(ge=1, le=65535)]


class Policy(Struct, frozen=True, kw_only=True):
    """What may be done with this device, and who may do it (V9, V12, V21, S4)."""

    version: Version
    use: Literal["in-use", "in-stock", "in-repair"] = "in-use"
    monitored: bool = False
    help: HelpPolicy = field(default_factory=HelpPolicy)
    forced_calls: ForcedCallPolicy = field(default_factory=ForcedCallPolicy)
    call_limit_min: Annotated[int, Meta(ge=1, le=240)] = 30
    remote_view: RemoteViewPolicy = field(default_factory=RemoteViewPolicy)
    alarm: AlarmReadiness = field(default_factory=AlarmReadiness)
    installer_pin: Annotated[
        str,
        Meta(
            pattern=r"^([0-9]{6})?$",
            description="Opens the network page while there is no connection; empty: there is none",
        ),
    ] = ""
    brokers: Annotated[
        list[BrokerAddress],
        Meta(max_length=4, description="The device's own first; empty: the one of its enrolment"),
    ] = []


DOCUMENTS: dict[
    Document,
    type[View]
    | type[People]
    | type[Calendar]
    | type[Policy]
    | type[CafeNow]
    | type[QueueDocument]
    | type[MessagePlan],
] = {
    "view": View,
    "people": People,
    "calendar": Calendar,
    "policy": Policy,
    "cafe": CafeNow,
    "queue": QueueDocument,
    "messages": MessagePlan,
}

AnyDocument = View | People | Calendar | Policy | CafeNow | QueueDocument | MessagePlan


class Rejection(Struct, frozen=True, kw_only=True):
    """Why a document was rejected; ``path`` names the invalid field, empty for the whole."""

    version: Annotated[int, Meta(ge=0, description="0 where it could not be read")]
    reason: Line
    path: Line = ""


class Reported(Struct, frozen=True, kw_only=True):
    """The status of a document: the version received, and the version on the screen. 0 is none yet."""

    document: Document
    received_version: Annotated[int, Meta(ge=0)] = 0
    painted_version: Annotated[int, Meta(ge=0)] = 0
    painted_at: Instant | None = None
    rejected: Rejection | None = None
