"""Events: what happened on the device. At least once, in order per device, never lost."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from device.contract.values import Identifier, Line, Name
from device.contract.vital import Fault
from device.contract.wire import Instant


class HelpRaised(Struct, frozen=True, kw_only=True, tag_field="kind", tag="help-raised"):
    """The resident asked for help."""

    help_id: Identifier
    source: Literal["screen", "button", "pendant"]


class HelpToldBySms(Struct, frozen=True, kw_only=True, tag_field="kind", tag="help-told-by-sms"):
    """The device's own modem sent a text to an escalation contact, learnt that it came, or could not (K3)."""

    help_id: Identifier
    name: Name
    outcome: Literal["sent", "delivered", "failed"]


class HelpTakenBySms(Struct, frozen=True, kw_only=True, tag_field="kind", tag="help-taken-by-sms"):
    """An escalation contact answered the device's text with the code word: they go (K3)."""

    help_id: Identifier
    name: Name


class CallBackWished(Struct, frozen=True, kw_only=True, tag_field="kind", tag="call-back-wished"):
    """The resident pressed the urgent-call button: somebody on duty should call (V11)."""

    wish_id: Identifier


class SelfTested(Struct, frozen=True, kw_only=True, tag_field="kind", tag="self-tested"):
    """The device has tested itself in the night; ``faults`` says what did not pass (K8)."""

    passed: bool
    faults: Annotated[list[Fault], Meta(max_length=50)] = []


class Started(Struct, frozen=True, kw_only=True, tag_field="kind", tag="started"):
    """The core process has started."""

    version: Name


class ScreenLost(Struct, frozen=True, kw_only=True, tag_field="kind", tag="screen-lost"):
    """The drawing loop has fallen silent: ``frozen`` (restarted by the device) or ``gone`` (K2)."""

    reason: Literal["frozen", "gone"]


class ScreenRestored(Struct, frozen=True, kw_only=True, tag_field="kind", tag="screen-restored"):
    """The drawing loop paints again."""

    silent_s: float


class InputRejected(Struct, frozen=True, kw_only=True, tag_field="kind", tag="input-rejected"):
    """Something arrived that could not be used; ``source`` says from where."""

    source: Line
    reason: Line
    path: Line = ""


class LookStarted(Struct, frozen=True, kw_only=True, tag_field="kind", tag="look-started"):
    """Somebody at the desk began to look at the screen."""

    by: Name


class LookEnded(Struct, frozen=True, kw_only=True, tag_field="kind", tag="look-ended"):
    """Nobody looks at the screen any more."""

    by: Name


Happening = (
    HelpRaised
    | HelpToldBySms
    | HelpTakenBySms
    | CallBackWished
    | SelfTested
    | Started
    | ScreenLost
    | ScreenRestored
    | InputRejected
    | LookStarted
    | LookEnded
)


class Event(Struct, frozen=True, kw_only=True):
    """One happening, with its place in the device's own order and every clock the device has."""

    sequence: Annotated[int, Meta(ge=1, description="Grows by one for each event of a device")]
    boot_id: Identifier
    monotonic_s: Annotated[float, Meta(ge=0, description="Seconds since boot")]
    happened_at: Instant
    clock_trusted: bool
    what: Happening


class Received(Struct, frozen=True, kw_only=True):
    """Ids of events that are committed in the desk's database; only this empties an outbox."""

    ids: Annotated[list[Identifier], Meta(max_length=500)]
