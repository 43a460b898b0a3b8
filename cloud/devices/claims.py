"""Claims: one-time codes to enrol one device."""

import secrets
from datetime import timedelta

from django.utils import timezone
from django.utils.crypto import salted_hmac

from cloud.devices.errors import BadRequest, ClaimRefused
from cloud.devices.models import Claim, Device
from cloud.organisations.models import Organisation, User
from cloud.people.models import Resident
from device.contract.claim import CLAIM_ALPHABET, CLAIM_LETTERS, ClaimedFor, claim_letters

LIFE = timedelta(minutes=15)


def issue_claim(organisation: Organisation, resident: Resident | None = None, by: User | None = None) -> str:
    """Return a new claim's code, in two groups for reading out; only its digest is stored."""
    if resident is not None and resident.organisation_id != organisation.pk:
        raise BadRequest("the resident belongs to another organisation")
    code = "".join(secrets.choice(CLAIM_ALPHABET) for _ in range(CLAIM_LETTERS))
    Claim.objects.create(
        code_digest=_digest(code),
        organisation=organisation,
        resident=resident,
        issued_by=by,
        expires_at=timezone.now() + LIFE,
    )
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def use_claim(text: str) -> Claim:
    """Use the claim with this code; of several at once, only one succeeds.

    Raises ``Malformed`` for an invalid code, ``ClaimRefused`` for one that is not valid now.
    """
    digest = _digest(claim_letters(text))
    now = timezone.now()
    fresh = Claim.objects.filter(code_digest=digest, used_at=None, expires_at__gt=now)
    if fresh.update(used_at=now) == 0:
        raise _refusal(Claim.objects.filter(code_digest=digest).first())
    return Claim.objects.select_related("organisation", "resident", "issued_by").get(code_digest=digest)


def claimed_for(text: str) -> ClaimedFor:
    """Return whose device the claim would make, without using it. Raises as ``use_claim`` does."""
    digest = _digest(claim_letters(text))
    claim = Claim.objects.select_related("organisation", "resident").filter(code_digest=digest).first()
    if claim is None or claim.used_at or claim.expires_at <= timezone.now():
        raise _refusal(claim)
    return ClaimedFor(
        resident=str(claim.resident) if claim.resident else "",
        organisation=claim.organisation.name,
        replaces=claim.resident is not None and Device.objects.filter(resident=claim.resident).exists(),
    )


def _refusal(claim: Claim | None) -> ClaimRefused:
    if claim is None:
        return ClaimRefused("the claim is unknown", 403)
    if claim.used_at:
        return ClaimRefused("the claim has been used already", 409)
    return ClaimRefused("the claim has expired", 410)


def _digest(code: str) -> str:
    """Return a digest keyed with the desk's secret: a short code could be found from the database alone."""
    return salted_hmac("kotiruutu claim", code, algorithm="sha256").hexdigest()
