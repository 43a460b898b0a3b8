"""What a resident's device still lacks at the desk (``GET /device/v1/missing``), for whoever installs it."""

from typing import Literal

from msgspec import Struct

Gap = Literal["resident", "view", "contacts", "escalation"]


class Readiness(Struct, frozen=True, kw_only=True):
    """``view``: nothing is shown. ``contacts``: nobody to call. ``escalation``: nobody is told of help."""

    missing: list[Gap]
