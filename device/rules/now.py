"""The current time, as it is passed to the rules."""

from datetime import datetime

from msgspec import Struct


class Now(Struct, frozen=True, kw_only=True):
    """``wall`` is aware; ``monotonic_s`` counts since boot; ``id`` is new, for what is created now."""

    wall: datetime
    monotonic_s: float
    trusted: bool
    id: str
