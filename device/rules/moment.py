"""Now, as the rules are told it."""

from datetime import datetime

from msgspec import Struct


class Moment(Struct, frozen=True, kw_only=True):
    """``wall`` is aware; ``monotonic_s`` counts since boot; ``id`` is fresh, for whatever is made now."""

    wall: datetime
    monotonic_s: float
    trusted: bool
    id: str
