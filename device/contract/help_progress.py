"""The desk's progress with a help request that nobody has answered yet (K3)."""

from typing import Annotated

from msgspec import Meta, Struct

from device.contract.values import Identifier, Name
from device.contract.wire import Instant

MOST_NOTIFIED = 5


class NotifiedContact(Struct, frozen=True, kw_only=True):
    """An escalation contact who was notified, and when."""

    name: Name
    at: Instant


class ReportHelpProgress(Struct, frozen=True, kw_only=True, tag_field="kind", tag="report-help-progress"):
    """The state of the escalation at ``at``: always complete, so that only the newest report matters.

    ``on_board`` is whether anybody has a help board open. ``contacts`` starts with the oldest, of the newest
    where there are too many. Failed deliveries are not reported.
    """

    help_id: Identifier
    at: Instant
    on_board: bool
    contacts: Annotated[list[NotifiedContact], Meta(max_length=MOST_NOTIFIED)] = []
    partner_notified_at: Instant | None = None
