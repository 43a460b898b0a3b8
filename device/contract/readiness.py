"""What a resident's setup at the desk still lacks (``GET /device/v1/missing``), for the installer."""

from typing import Literal

from msgspec import Struct

Gap = Literal[
    "resident",
    "view",
    "contacts",
    "escalation",
    "second-contact",
    "consent",
    "partner",
    "registration",
    "test",
]


class Readiness(Struct, frozen=True, kw_only=True):
    """``view``: nothing is shown. ``contacts``: nobody to call.

    ``escalation``: nobody is notified of help. The others: an alarm may not be relied on yet (K10).
    """

    missing: list[Gap]
