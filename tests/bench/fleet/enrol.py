"""Enrols so many tablets at the desk, each with a key, a certificate, a resident and a view of its own."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import django
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

if TYPE_CHECKING:
    from cloud.organisations.models import Organisation


def enrol(count: int, folder: Path) -> list[str]:
    """Return the names; write ``<device>/certificate.pem`` and ``key.pem`` of each, at the end ``done.json``.

    ``done.json`` has the contacts of each device, as ``provisioning.demo.house`` reads it: nobody.
    """
    from cloud.organisations.models import Organisation

    folder.mkdir(parents=True, exist_ok=True)
    organisation, _ = Organisation.objects.get_or_create(name="Lehmuskoto")
    names = [_enrol(organisation, number, folder) for number in range(count)]
    (folder / "done.part").write_text(json.dumps(dict.fromkeys(names, ())))
    (folder / "done.part").rename(folder / "done.json")
    return names


def _enrol(organisation: "Organisation", number: int, folder: Path) -> str:
    from cloud.devices import documents
    from cloud.devices.models import Device
    from cloud.people.models import Resident
    from cloud.pki.authority import desk_authority
    from cloud.pki.certificates import key_pem
    from cloud.screens.models import ResidentView

    key = ec.generate_private_key(ec.SECP256R1())
    request = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([])).sign(key, SHA256())
    issued = desk_authority().sign(request.public_bytes(Encoding.PEM))
    own = folder / issued.device
    own.mkdir()
    (own / "certificate.pem").write_text(issued.pem)
    (own / "key.pem").write_bytes(key_pem(key))
    resident = Resident.objects.create(
        organisation=organisation, first_name="Aino", last_name=f"Virtanen {number}"
    )
    ResidentView.objects.create(resident=resident)
    device = Device.objects.create(
        id=issued.device, organisation=organisation, resident=resident, certificate_pem=issued.pem
    )
    documents.refresh(device)
    return issued.device


if __name__ == "__main__":
    django.setup()
    enrol(int(sys.argv[1]), Path(sys.argv[2]))
