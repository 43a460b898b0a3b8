"""Revokes a device: its certificate is listed, its connection and broker session are removed."""

import socket
import ssl
import threading
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography import x509
from django.db import transaction
from django.utils import timezone

from cloud.devices import documents
from cloud.devices.models import Device, Revocation
from cloud.notify.broker_settings import link_settings
from cloud.notify.cells import Broker, brokers
from cloud.notify.session import Arrived, Session
from cloud.pki.authority import Authority, Probe
from cloud.pki.files import write_secretly

PATIENCE_S = 10.0
REFUSAL_S = 4.0


def revoke(device: Device, authority: Authority, use: Device.Use = Device.Use.IN_REPAIR) -> Probe:
    """Revoke this device and write the revocation list, which the broker must reload.

    The probe is on the list too: ``still_lets_in`` tests whether a broker uses it.
    """
    with transaction.atomic():
        if device.certificate_pem:
            serial = x509.load_pem_x509_certificate(device.certificate_pem.encode()).serial_number
            older = device.older_certificates.values_list("serial", flat=True)
            for each in (str(serial), *older):
                Revocation.objects.get_or_create(serial=each, defaults={"device": device})
        device.certificate_pem = ""
        device.resident = None
        device.online = False
        device.use = use
        device.save(update_fields=["certificate_pem", "resident", "online", "use"])
        documents.refresh(device)
    known = Revocation.objects.values_list("serial", "revoked_at")
    probe = authority.make_probe()
    authority.revoke([*((int(serial), at) for serial, at in known), (probe.serial, timezone.now())])
    return probe


def still_lets_in(probe: Probe, authority: Authority) -> list[str]:
    """Return the brokers without the newest list, which would accept a revoked device."""
    return [broker.name for broker in brokers() if not _is_refused(probe, authority, broker)]


def _is_refused(probe: Probe, authority: Authority, broker: Broker) -> bool:
    """Connect as a revoked device would; only the broker's own word that it is revoked counts as refusing."""
    context = ssl.create_default_context(cafile=str(authority.certificate_file))
    with TemporaryDirectory() as folder:
        file = Path(folder) / "probe.pem"
        write_secretly(file, probe.pem)
        context.load_cert_chain(file)
    try:
        plain = socket.create_connection((broker.host, broker.device_port), PATIENCE_S)
    except OSError:
        return False
    try:
        with plain, context.wrap_socket(plain, server_hostname=broker.host) as connection:
            # A broker that accepts the certificate waits for the first packet.
            connection.settimeout(REFUSAL_S)
            connection.recv(1)
    except ssl.SSLError as error:
        # A TLS alert (RFC 8446, 6.2); a connection that was cut off for another reason proves nothing.
        return "CERTIFICATE_REVOKED" in (error.reason or "")
    except OSError:
        pass
    return False


def drop(device: Device) -> bool:
    """Remove its connection and session; return whether every broker answered.

    Two sessions cannot have one client id: connecting with the device's ends its session.
    """
    dropped = [_Dropping(device.pk, broker).run() for broker in brokers()]
    return bool(dropped) and all(dropped)


class _Dropping:
    def __init__(self, device: str, broker: Broker) -> None:
        self._is_done = threading.Event()
        self._session = Session(link_settings(device, broker), self)

    def run(self) -> bool:
        self._session.open()
        try:
            return self._is_done.wait(PATIENCE_S)
        finally:
            self._session.close()

    def connected(self) -> None:
        self._is_done.set()

    def arrived(self, message: Arrived) -> None:
        """Do nothing: there is no subscription."""

    def sent(self, _mid: int, _refusal: str) -> None:
        """Do nothing: nothing is published."""

    def disconnected(self, reason: str) -> None:
        """Do nothing: the session reconnects by itself."""
