"""A tablet that was somebody else's: a claim of another organisation shows nothing of what it said there."""

from uuid import uuid4

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from django.test import Client
from django.utils import timezone

from cloud.devices.claims import issue_claim
from cloud.devices.enrolment import Request, enrol
from cloud.devices.errors import ClaimRefused
from cloud.devices.models import Device, DeviceEvent
from cloud.organisations.models import Organisation
from cloud.pki.authority import Authority
from tests.cloud.homes import Home
from tests.link.fixtures import authority  # noqa: F401

pytestmark = pytest.mark.requirement("V27")


def asked(key: ec.EllipticCurvePrivateKey, organisation: Organisation) -> Request:
    """What the tablet with this key sends with a claim of this organisation."""
    csr = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([])).sign(key, SHA256())
    return Request(issue_claim(organisation), csr.public_bytes(Encoding.PEM).decode())


def test_the_same_key_in_another_organisation_is_refused(
    client: Client,
    home: Home,
    foreign: Home,
    authority: Authority,  # noqa: F811
) -> None:
    """The device stays where it was with all that it said, and its own home may claim it again."""
    key = ec.generate_private_key(ec.SECP256R1())
    device = Device.objects.get(pk=enrol(asked(key, home.organisation), authority).device)
    DeviceEvent.objects.create(
        id=uuid4(),
        device=device,
        kind="help-raised",
        body={},
        sequence=1,
        happened_at=timezone.now(),
        clock_trusted=True,
    )
    with pytest.raises(ClaimRefused, match="another organisation"):
        enrol(asked(key, foreign.organisation), authority)
    device.refresh_from_db()
    assert device.organisation == home.organisation
    client.force_login(foreign.user)
    assert client.get(f"/devices/{device.pk}/").status_code == 404
    assert enrol(asked(key, home.organisation), authority).device == device.pk
