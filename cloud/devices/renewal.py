"""Renews a device's certificate for its existing key; older ones are tracked until they expire (K16)."""

from datetime import UTC, datetime, timedelta

from cryptography import x509
from django.conf import settings
from django.db import transaction

from cloud.devices.errors import RenewalRefused
from cloud.devices.models import Device, OlderCertificate
from cloud.pki.authority import Authority

# Devices renew from 30 days before expiry on: one with more time has been renewed already.
RENEWED_BEFORE_END = timedelta(days=35)


def renew(device: Device, csr: str, authority: Authority) -> str:
    """Return the newest certificate, PEM; a repeated request gets the same one.

    Raises ``RenewalRefused`` for another key, or after the grace period.
    """
    issued = authority.sign(csr.encode())
    if issued.device != device.pk:
        raise RenewalRefused("a certificate is renewed for the same key only")
    with transaction.atomic():
        locked = Device.objects.select_for_update().get(pk=device.pk)
        current = x509.load_pem_x509_certificate(locked.certificate_pem.encode())
        left = current.not_valid_after_utc - datetime.now(UTC)
        if left > RENEWED_BEFORE_END:
            return locked.certificate_pem
        if left < -timedelta(days=settings.RENEWAL_GRACE_DAYS):
            raise RenewalRefused("the certificate ended too long ago: enrol this device again")
        OlderCertificate.objects.create(
            device=locked, serial=str(current.serial_number), ends_at=current.not_valid_after_utc
        )
        locked.certificate_pem = issued.pem
        locked.save(update_fields=["certificate_pem"])
    return issued.pem


def ends_at(device: Device) -> datetime | None:
    """Return when the newest certificate expires; None where there is none that can be read."""
    try:
        return x509.load_pem_x509_certificate(device.certificate_pem.encode()).not_valid_after_utc
    except ValueError:
        return None
