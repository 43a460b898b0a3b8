"""A device arrives: a claim and a signing request become a certificate and a bond to a resident (V16, K7)."""

from zlib import crc32

from django.conf import settings
from django.db import transaction
from msgspec import Struct

from cloud.devices import documents
from cloud.devices.claims import use_claim
from cloud.devices.errors import ClaimRefused
from cloud.devices.models import Claim, Device, Retirement
from cloud.devices.retiring import call_off, retire
from cloud.notify.cells import known_to
from cloud.pki.authority import Authority, Issued


class Request(Struct, frozen=True):
    """What a device sends: the claim's code and its signing request (PKCS #10, PEM)."""

    claim: str
    csr: str


class Welcome(Struct, frozen=True, kw_only=True):
    """What it gets: its certificate, the desk's, and where the broker is."""

    certificate: str
    ca: str
    broker_host: str
    broker_port: int
    device: str


def enrol(request: Request, authority: Authority) -> Welcome:
    """Uses up the claim and takes the device in, or does neither (``DevicesError``)."""
    issued = authority.sign(request.csr.encode())
    with transaction.atomic():
        claim = use_claim(request.claim)
        _not_anothers(issued, claim)
        _take_in(issued, claim, authority)
    # It learns of the others with its policy.
    broker = known_to(issued.device)
    return Welcome(
        certificate=issued.pem,
        ca=authority.certificate_file.read_text(),
        broker_host=broker[0].host if broker else settings.BROKER_HOST,
        broker_port=broker[0].device_port if broker else settings.BROKER_DEVICE_PORT,
        device=issued.device,
    )


def _not_anothers(issued: Issued, claim: Claim) -> None:
    """What a device has said stays where it was said: in another organisation it has another key."""
    known = Device.objects.filter(pk=issued.device).exclude(organisation=claim.organisation)
    if known.exists():
        raise ClaimRefused("the device belongs to another organisation: wipe it first, then claim it", 409)


def _take_in(issued: Issued, claim: Claim, authority: Authority) -> None:
    if claim.resident is not None:
        for older in Device.objects.filter(resident=claim.resident).exclude(pk=issued.device):
            retire(older, authority, Retirement.Why.REPLACED, claim.issued_by)
    # The same tablet once more: it has its key still, and keeps what it is about to get.
    call_off(issued.device)
    device, _ = Device.objects.update_or_create(
        pk=issued.device,
        defaults={
            "organisation": claim.organisation,
            "resident": claim.resident,
            "certificate_pem": issued.pem,
            "use": Device.Use.IN_USE if claim.resident else Device.Use.IN_STOCK,
            "ring": _ring_of(issued.device),
        },
    )
    documents.refresh(device)


def _ring_of(device_id: str) -> str:
    """By chance, and the same each time: one in a hundred is first, and nine go second."""
    place = crc32(device_id.encode()) % 100
    return Device.Ring.FIRST if place < 1 else Device.Ring.SECOND if place < 10 else Device.Ring.LAST
