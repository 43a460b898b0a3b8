"""Claims: one-use permissions to enrol one device."""

import hashlib
import re
import secrets
from base64 import b32encode
from datetime import timedelta

from django.utils import timezone

from cloud.devices.errors import BadRequest, ClaimRefused
from cloud.devices.models import Claim
from cloud.organisations.models import Organisation, User
from cloud.people.models import Resident

LIFE = timedelta(minutes=15)
CODE_BYTES = 16
_CODE = re.compile(r"[A-Z2-7]{26}")


def issue_claim(organisation: Organisation, resident: Resident | None = None, by: User | None = None) -> str:
    """A new claim's code (128 bits, in groups that can be read out loud); only its digest is stored."""
    if resident is not None and resident.organisation_id != organisation.pk:
        raise BadRequest("the resident belongs to another organisation")
    code = b32encode(secrets.token_bytes(CODE_BYTES)).decode().rstrip("=")
    Claim.objects.create(
        code_sha256=_digest(code),
        organisation=organisation,
        resident=resident,
        issued_by=by,
        expires_at=timezone.now() + LIFE,
    )
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def use_claim(text: str) -> Claim:
    """Uses up the claim with this code; of several that try at once, one succeeds.

    Raises ``BadRequest`` for what is no code at all, ``ClaimRefused`` for one that gives nothing.
    """
    code = re.sub(r"[\s-]", "", text).upper()
    if not _CODE.fullmatch(code):
        raise BadRequest("the claim is not a claim code")
    now = timezone.now()
    digest = _digest(code)
    fresh = Claim.objects.filter(code_sha256=digest, used_at=None, expires_at__gt=now)
    if fresh.update(used_at=now) == 0:
        raise _refusal(Claim.objects.filter(code_sha256=digest).first())
    return Claim.objects.select_related("organisation", "resident").get(code_sha256=digest)


def _refusal(claim: Claim | None) -> ClaimRefused:
    if claim is None:
        return ClaimRefused("the claim is unknown", 403)
    if claim.used_at:
        return ClaimRefused("the claim has been used already", 409)
    return ClaimRefused("the claim has expired", 410)


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
