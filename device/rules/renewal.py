"""Renews the certificate before it expires, and also after: no tablet is locked out for good (K16)."""

from datetime import datetime, timedelta

from msgspec.structs import replace

from device.rules.calm import is_calm
from device.rules.effects import Effect, RenewCertificate
from device.rules.events import CertificateRead, Event, RenewalEnded, Ticked
from device.rules.now import Now
from device.rules.state import Certificate, State

RENEWED_BEFORE_END = timedelta(days=30)
# Spread, so that tablets enrolled on one day do not all renew on one day.
SPREAD = timedelta(days=5)
FIRST_RETRY_S = 600.0
LAST_RETRY_S = 6 * 3600.0
# An unsynchronised clock cannot show the expiry: then a persistent loss of the link triggers it.
LINK_AWAY_S = 600.0

Outcome = tuple[State, tuple[Effect, ...]]


def step(state: State, event: Event, now: Now) -> Outcome:
    """Request a renewal when it is due, and after failures with growing delays."""
    known = state.certificate
    match event:
        case CertificateRead(ends_at=ends_at, serial=serial):
            return replace(state, certificate=replace(known, ends_at=ends_at, serial=serial)), ()
        case RenewalEnded(reason=reason):
            return replace(state, certificate=_ended(known, reason, now)), ()
        case Ticked() if _is_due(state, now):
            return replace(state, certificate=replace(known, running=True)), (RenewCertificate(),)
    return state, ()


def renewed_from(ends_at: datetime, serial: int) -> datetime:
    """Return when this certificate is renewed; its random serial number spreads the time."""
    spread = timedelta(seconds=serial % int(SPREAD.total_seconds()))
    return ends_at - RENEWED_BEFORE_END + spread


def _is_due(state: State, now: Now) -> bool:
    known = state.certificate
    if known.ends_at is None or known.running or now.monotonic_s < known.retry_at_s or not is_calm(state):
        return False
    if now.trusted:
        return now.wall >= renewed_from(known.ends_at, known.serial)
    return not state.link.connected and now.monotonic_s - state.began_s >= LINK_AWAY_S


def _ended(known: Certificate, reason: str, now: Now) -> Certificate:
    if not reason:
        return replace(known, running=False, retry_at_s=now.monotonic_s + FIRST_RETRY_S, tries=0)
    wait_s = min(FIRST_RETRY_S * 2.0**known.tries, LAST_RETRY_S)
    return replace(known, running=False, retry_at_s=now.monotonic_s + wait_s, tries=min(known.tries + 1, 10))
