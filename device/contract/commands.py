"""Commands: *do this now*. They expire, and each is answered in stages."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from device.contract.cafe import CafeCommand
from device.contract.help_progress import ReportHelpProgress
from device.contract.ice import IceServers
from device.contract.retirement import Wipe
from device.contract.values import Identifier, Line, Name, Sdp

Fraction = Annotated[float, Meta(ge=0.0, le=1.0)]


class UpdateHelp(Struct, frozen=True, kw_only=True, tag_field="kind", tag="update-help"):
    """The state of the resident's help request at the desk (K3).

    ``number`` counts the desk's updates of the request: a higher one replaces a lower one, also where it goes
    back a step (returned, handed over, reopened); a lower one arrives late and is ignored.
    """

    help_id: Identifier
    stage: Literal["received", "taken", "arrived", "closed"]
    by: Name = ""
    number: Annotated[int, Meta(ge=0, le=1_000_000)] = 0


class StartRemoteView(Struct, frozen=True, kw_only=True, tag_field="kind", tag="start-remote-view"):
    """Send pictures of the screen for ``seconds``; repeat to continue. The screen shows who is looking."""

    by: Name
    seconds: Annotated[int, Meta(ge=1, le=120)] = 30


class StopRemoteView(Struct, frozen=True, kw_only=True, tag_field="kind", tag="stop-remote-view"):
    """Stop sending pictures of the screen."""


class Tap(Struct, frozen=True, kw_only=True, tag_field="kind", tag="tap"):
    """Touch the screen at this fraction of its width and height, as a finger would."""

    x: Fraction
    y: Fraction


class SelfTest(Struct, frozen=True, kw_only=True, tag_field="kind", tag="self-test"):
    """Run the nightly self-test now; a ``self-tested`` event reports the result (K8)."""


LimitMin = Annotated[int, Meta(ge=1, le=240)]
ForcedReason = Literal["alarm", "no-answer", "welfare", "medicine", "agreed", "other"]


class Ring(Struct, frozen=True, kw_only=True, tag_field="kind", tag="ring"):
    """An incoming call; expires after 45 s. ``limit_min`` limits the call in any case (V21).

    ``answers_help``: the caller has taken the resident's help request; the call is accepted during it.

    ``replaces`` is the call that broke off when a network changed: the same contact calls again, and it opens
    without ringing if the resident was in that call until now, or is still shown that it was lost.
    """

    call_id: Identifier
    contact_id: Identifier
    name: Name
    offer: Sdp
    ice_servers: IceServers = []
    limit_min: LimitMin = 30
    answers_help: bool = False
    replaces: Identifier | None = None


class ForcedCall(Struct, frozen=True, kw_only=True, tag_field="kind", tag="forced-call"):
    """Answer automatically, if the policy allows it here and now; expires after 20 s (V12, V13, K5).

    ``answers_help`` as in ``Ring``.
    """

    call_id: Identifier
    contact_id: Identifier
    name: Name
    role: Literal["relative", "professional"]
    reason: ForcedReason
    reason_text: Annotated[str, Meta(min_length=1, max_length=500)]
    offer: Sdp
    ice_servers: IceServers = []
    limit_min: LimitMin = 30
    answers_help: bool = False


class ConnectCall(Struct, frozen=True, kw_only=True, tag_field="kind", tag="connect-call"):
    """The contact that the resident calls has answered (V11)."""

    call_id: Identifier
    contact_id: Identifier
    name: Name
    offer: Sdp
    ice_servers: IceServers = []
    limit_min: LimitMin = 30


class UpdateCall(Struct, frozen=True, kw_only=True, tag_field="kind", tag="update-call"):
    """How the contact that the resident calls is being reached, until they answer (K15).

    ``trying``: their phone is being rung but has not confirmed. ``page``: an open page rings. ``phone``:
    their phone rings. ``written``: an e-mail or a text message was sent.
    """

    call_id: Identifier
    way: Literal["trying", "page", "phone", "written"]


class ServiceCall(Struct, frozen=True, kw_only=True, tag_field="kind", tag="service-call"):
    """An agent of customer service calls the resident of this visit; expires after 45 s (Q5).

    The device accepts it for its own visit only, and answers at once only where the resident has just agreed
    to video; else it rings.
    """

    call_id: Identifier
    visit_id: Identifier
    name: Name
    offer: Sdp
    ice_servers: IceServers = []
    limit_min: LimitMin = 30


class EndCall(Struct, frozen=True, kw_only=True, tag_field="kind", tag="end-call"):
    """The call has ended at the desk, also while it still rings."""

    call_id: Identifier
    why: Literal["hung-up", "not-answered", "refused", "busy", "not-reachable", "gone", "limit", "withdrawn"]


Command = (
    UpdateHelp
    | ReportHelpProgress
    | StartRemoteView
    | StopRemoteView
    | Tap
    | SelfTest
    | Ring
    | ForcedCall
    | ConnectCall
    | UpdateCall
    | ServiceCall
    | EndCall
    | CafeCommand
    | Wipe
)


class Answer(Struct, frozen=True, kw_only=True):
    """One stage of the command whose id is the envelope's ``correlation``."""

    stage: Literal["received", "shown", "done", "declined", "expired", "failed"]
    reason: Line = ""

    @property
    def final(self) -> bool:
        """Return whether this is the last answer to the command."""
        return self.stage not in ("received", "shown")
