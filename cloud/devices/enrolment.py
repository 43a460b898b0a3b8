"""Enrolment: exchanges a claim and a signing request for a certificate and a resident (V16, K7)."""

from zlib import crc32

from django.conf import settings
from django.db import transaction
from msgspec import Struct

from cloud.devices import documents
from cloud.devices.claims import use_claim
from cloud.devices.errors import ClaimRefused
from cloud.devices.models import Claim, DesiredDocument, Device, Retirement
from cloud.devices.retirement import call_off, retire
from cloud.notify.cells import known_to
from cloud.pki.authority import Authority
from cloud.pki.root import Issued


class Request(Struct, frozen=True):
    """The device's request: the claim's code and its signing request (PKCS #10, PEM)."""

    claim: str
    csr: str


class Welcome(Struct, frozen=True, kw_only=True):
    """The response: the device's certificate, the desk's, and the broker's address."""

    certificate: str
    ca: str
    broker_host: str
    broker_port: int
    device: str
    language: str


def enrol(request: Request, authority: Authority) -> Welcome:
    """Use the claim and enrol the device, or neither. Raises ``DevicesError``."""
    issued = authority.sign(request.csr.encode())
    with transaction.atomic():
        claim = use_claim(request.claim)
        _not_anothers(issued, claim)
        device = _register(issued, claim, authority)
    # The policy contains the other brokers.
    broker = known_to(issued.device)
    return Welcome(
        certificate=issued.pem,
        ca=authority.certificate_file.read_text(),
        broker_host=broker[0].host if broker else settings.BROKER_HOST,
        broker_port=broker[0].device_port if broker else settings.BROKER_DEVICE_PORT,
        device=issued.device,
        language=_language(device),
    )


def _language(device: Device) -> str:
    """Return the language of the view that the device is about to get."""
    view = DesiredDocument.objects.filter(device=device, name="view").first()
    return str(view.body["language"]) if view else device.language


def _not_anothers(issued: Issued, claim: Claim) -> None:
    """Refuse a device of another organisation, whose data must stay there: it needs a new key."""
    known = Device.objects.filter(pk=issued.device).exclude(organisation=claim.organisation)
    if known.exists():
        raise ClaimRefused("the device belongs to another organisation: wipe it first, then claim it", 409)


def _register(issued: Issued, claim: Claim, authority: Authority) -> Device:
    if claim.resident is not None:
        for older in Device.objects.filter(resident=claim.resident).exclude(pk=issued.device):
            retire(older, authority, Retirement.Why.REPLACED, claim.issued_by)
    # The same tablet again: it still has its key and its documents.
    call_off(issued.device)
    device, _ = Device.objects.update_or_create(
        pk=issued.device,
        defaults={
            "organisation": claim.organisation,
            "resident": claim.resident,
            "certificate_pem": issued.pem,
            "use": Device.Use.IN_USE if claim.resident else Device.Use.IN_STOCK,
            "ring": _ring_of(issued.device),
            **({"language": claim.issued_by.language} if claim.issued_by else {}),
        },
    )
    documents.refresh(device)
    return device


def _ring_of(device_id: str) -> str:
    """Return the ring by a hash of the id: one in a hundred is first, and nine are second."""
    place = crc32(device_id.encode()) % 100
    return Device.Ring.FIRST if place < 1 else Device.Ring.SECOND if place < 10 else Device.Ring.LAST
