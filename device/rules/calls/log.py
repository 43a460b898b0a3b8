"""The device's log of forced calls, a hash chain (K5)."""

from datetime import UTC

from msgspec.structs import replace

from device.contract.call_log import NOTHING_BEFORE, digest
from device.contract.events import CallDeclined, CallEnded, CallLogged, CallMissed
from device.rules.calls.call import ForcedCalls, Particulars

# More than any policy allows in a day; the desk stores all.
MOST_KEPT = 100


def with_entry(
    calls: ForcedCalls, about: Particulars, end: CallEnded | CallDeclined | CallMissed
) -> tuple[ForcedCalls, CallLogged]:
    """Append an entry and return both; its ``outcome`` is why the call ended or was declined."""
    last = calls.log[-1] if calls.log else None
    entry = CallLogged(
        number=last.number + 1 if last else 1,
        call_id=about.id,
        contact_id=about.party.contact_id,
        name=about.party.name,
        reason=about.reason,
        reason_text=about.reason_text,
        asked_at=about.asked_at.astimezone(UTC),
        outcome="missed" if isinstance(end, CallMissed) else end.why,
        seconds=end.seconds if isinstance(end, CallEnded) else 0.0,
        previous_sha256=last.sha256 if last else NOTHING_BEFORE,
        sha256=NOTHING_BEFORE,
    )
    entry = replace(entry, sha256=digest(entry))
    return replace(calls, log=(*calls.log, entry)[-MOST_KEPT:]), entry
