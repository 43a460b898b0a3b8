"""What the desk is doing about a request for help that nobody has answered yet (K3)."""

from typing import Annotated

from msgspec import Meta, Struct

from device.contract.values import Identifier, Name
from device.contract.wire import Instant

MOST_TOLD = 5


class Told(Struct, frozen=True, kw_only=True):
    """An escalation contact who has been told, and when."""

    name: Name
    at: Instant


class ReportHelpProgress(Struct, frozen=True, kw_only=True, tag_field="kind", tag="report-help-progress"):
    """How far the ladder has gone at ``at``: the whole of it each time, so that the newest report is enough.

    ``on_board`` is whether anybody has a page open on which the request stands. ``contacts`` begins with the
    oldest, the newest of them where there are more. Nothing is said of deliveries that failed.
    """

    help_id: Identifier
    at: Instant
    on_board: bool
    contacts: Annotated[list[Told], Meta(max_length=MOST_TOLD)] = []
    partner_told_at: Instant | None = None
