"""Whether the desk says that a call for help from this home may be relied on (K10)."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

Missing = Literal["contacts", "test", "consent", "partner", "registration"]
AlarmState = Literal["unknown", "ready", "not-ready", "test"]


class AlarmReadiness(Struct, frozen=True, kw_only=True):
    """What the desk found when it looked last; ``missing`` names what does not hold yet.

    In ``test`` the next press is expected as a test: it goes the whole way like any other.
    """

    state: AlarmState = "unknown"
    missing: Annotated[list[Missing], Meta(max_length=10)] = []
