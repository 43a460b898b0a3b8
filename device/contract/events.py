"""Events: what happened on the device. At least once, in order per device, never lost."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from device.contract.cafe import CafeHappening
from device.contract.commands import ForcedReason
from device.contract.messages import MessageHappening
from device.contract.queue import QueueHappening
from device.contract.values import HelpSource, Identifier, Line, Name, Sdp, Sha256
from device.contract.vital import Fault
from device.contract.wire import Instant

DeclineReason = Literal[
    "refused",
    "busy",
    "help",
    "not-in-use",
    "not-allowed",
    "no-consent",
    "outside-hours",
    "too-often",
    "unknown-caller",
    "repeated",
    "no-media",
]
EndReason = Literal["resident", "desk", "limit", "help", "gone", "failed", "restart", "withdrawn"]


class HelpRaised(Struct, frozen=True, kw_only=True, tag_field="kind", tag="help-raised"):
    """The resident asked for help."""

    help_id: Identifier
    source: HelpSource


class HelpPressedAgain(Struct, frozen=True, kw_only=True, tag_field="kind", tag="help-pressed-again"):
    """The button was pressed while a request was open as far as the device knew (K3).

    Where the desk had closed it before, this is a new request, ``press_id``.
    """

    help_id: Identifier
    press_id: Identifier
    source: HelpSource


class HelpSentBySms(Struct, frozen=True, kw_only=True, tag_field="kind", tag="help-sent-by-sms"):
    """The modem sent a text to an escalation contact, received its delivery report, or failed (K3)."""

    help_id: Identifier
    name: Name
    outcome: Literal["sent", "delivered", "failed"]


class HelpTakenBySms(Struct, frozen=True, kw_only=True, tag_field="kind", tag="help-taken-by-sms"):
    """An escalation contact answered the text with the code word: they are on their way (K3)."""

    help_id: Identifier
    name: Name


class UrgentCallRequested(Struct, frozen=True, kw_only=True, tag_field="kind", tag="urgent-call-requested"):
    """The resident pressed the urgent-call button: the staff on duty should call (V11)."""

    request_id: Identifier


class SelfTested(Struct, frozen=True, kw_only=True, tag_field="kind", tag="self-tested"):
    """Result of the nightly self-test; ``faults`` lists the failed checks (K8)."""

    passed: bool
    faults: Annotated[list[Fault], Meta(max_length=50)] = []


class Started(Struct, frozen=True, kw_only=True, tag_field="kind", tag="started"):
    """The core process has started."""

    version: Name


class SoftwareUpdated(Struct, frozen=True, kw_only=True, tag_field="kind", tag="software-updated"):
    """The progress of an update: fetched, running and confirmed, rolled back, or rejected (K16)."""

    version: Name
    number: Annotated[int, Meta(ge=0)]
    stage: Literal["fetched", "installed", "returned", "refused"]
    reason: Line = ""


class ScreenLost(Struct, frozen=True, kw_only=True, tag_field="kind", tag="screen-lost"):
    """The drawing loop has stopped responding: ``frozen`` (restarted by the device) or ``gone`` (K2)."""

    reason: Literal["frozen", "gone"]


class ScreenRestored(Struct, frozen=True, kw_only=True, tag_field="kind", tag="screen-restored"):
    """The drawing loop responds again."""

    silent_s: float


class InputRejected(Struct, frozen=True, kw_only=True, tag_field="kind", tag="input-rejected"):
    """Received input that could not be used; ``source`` is where it came from."""

    source: Line
    reason: Line
    path: Line = ""


class RemoteViewStarted(Struct, frozen=True, kw_only=True, tag_field="kind", tag="remote-view-started"):
    """Somebody at the desk started a remote view."""

    by: Name


class RemoteViewEnded(Struct, frozen=True, kw_only=True, tag_field="kind", tag="remote-view-ended"):
    """The remote view has ended."""

    by: Name


class CallPlaced(Struct, frozen=True, kw_only=True, tag_field="kind", tag="call-placed"):
    """The resident calls; the first of these contacts to answer gets the call."""

    call_id: Identifier
    contact_ids: Annotated[list[Identifier], Meta(min_length=1, max_length=20)]


class CallAnswered(Struct, frozen=True, kw_only=True, tag_field="kind", tag="call-answered"):
    """The call was answered by the resident or, if forced, automatically."""

    call_id: Identifier
    answer: Sdp


class CallDeclined(Struct, frozen=True, kw_only=True, tag_field="kind", tag="call-declined"):
    """The call was declined. All reasons but ``refused`` and ``busy`` are the device's own rules (K5)."""

    call_id: Identifier
    why: DeclineReason
    detail: Line = ""


class CallMissed(Struct, frozen=True, kw_only=True, tag_field="kind", tag="call-missed"):
    """It rang, and nobody answered (V22)."""

    call_id: Identifier


class CallConnected(Struct, frozen=True, kw_only=True, tag_field="kind", tag="call-connected"):
    """Audio works in both directions."""

    call_id: Identifier


class CallEnded(Struct, frozen=True, kw_only=True, tag_field="kind", tag="call-ended"):
    """A call has ended on the device that was neither declined nor missed."""

    call_id: Identifier
    why: EndReason
    seconds: Annotated[float, Meta(ge=0, description="Since it was connected; 0 where it never was")]


class CallLogged(Struct, frozen=True, kw_only=True, tag_field="kind", tag="call-logged"):
    """An entry of the device's log of forced calls; each contains the digest of the one before (K5).

    ``sha256`` is over the JSON of the entry with its fields in this order, without itself.
    """

    number: Annotated[int, Meta(ge=1)]
    call_id: Identifier
    contact_id: Identifier
    name: Name
    reason: ForcedReason
    reason_text: Annotated[str, Meta(max_length=500)]
    asked_at: Instant
    outcome: Line
    seconds: Annotated[float, Meta(ge=0)]
    previous_sha256: Sha256
    sha256: Sha256


Happening = (
    HelpRaised
    | HelpPressedAgain
    | HelpSentBySms
    | HelpTakenBySms
    | UrgentCallRequested
    | SelfTested
    | Started
    | SoftwareUpdated
    | ScreenLost
    | ScreenRestored
    | InputRejected
    | RemoteViewStarted
    | RemoteViewEnded
    | CallPlaced
    | CallAnswered
    | CallDeclined
    | CallMissed
    | CallConnected
    | CallEnded
    | CallLogged
    | CafeHappening
    | QueueHappening
    | MessageHappening
)


class WireEvent(Struct, frozen=True, kw_only=True):
    """One event, with its sequence number on the device and the time by each of its clocks."""

    sequence: Annotated[int, Meta(ge=1, description="Grows by one for each event of a device")]
    boot_id: Identifier
    monotonic_s: Annotated[float, Meta(ge=0, description="Seconds since boot")]
    happened_at: Instant
    clock_trusted: bool
    what: Happening


class Received(Struct, frozen=True, kw_only=True):
    """Ids of events that are committed in the desk's database; only this empties an outbox."""

    ids: Annotated[list[Identifier], Meta(max_length=500)]
