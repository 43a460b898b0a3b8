"""Whether help requests from this home are fully set up and tested at the desk (K10)."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

Missing = Literal["contacts", "test", "consent", "partner", "registration"]
AlarmState = Literal["unknown", "ready", "not-ready", "test"]


class AlarmReadiness(Struct, frozen=True, kw_only=True):
    """Result of the desk's last check; ``missing`` lists the requirements that are not met yet.

    In ``test`` the next press is expected as a test and handled like any other.
    """

    state: AlarmState = "unknown"
    missing: Annotated[list[Missing], Meta(max_length=10)] = []
