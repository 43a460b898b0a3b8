"""The other residents of the demo's house: their views, relatives, and simulated tablets."""

from io import BytesIO
from pathlib import Path
from random import Random

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from django.db import transaction

from cloud.desk.demo.portraits import old_face, portrait
from cloud.devices import documents
from cloud.devices.models import Device
from cloud.organisations.models import Organisation
from cloud.people import photo
from cloud.people.models import CareSettings, Contact, Relation, Resident, ResidentHome
from cloud.pki.authority import desk_authority
from cloud.pki.certificates import key_pem
from cloud.screens.models import ResidentView, ScreenGroup

NAMES = """
Aili Heikkinen, Aino Koskinen, Anja Lehtonen, Arvo Mattila, Astrid Sundström, Bengt Lindroos,
Eero Salminen, Eila Rantanen, Elli Karjalainen, Elsa Nyman, Erkki Turunen, Esko Laitinen,
Gunnel Westerlund, Heimo Ahonen, Helga Blomqvist, Helmi Savolainen, Hilkka Ojala,
Impi Leppänen, Irja Kallio, Kaarina Peltonen, Kauko Hiltunen, Kerttu Manninen, Lahja Kinnunen,
Lempi Hakala, Martta Saarinen, Olavi Niemi, Orvokki Tuominen, Paavo Rautio, Pentti Väisänen,
Raili Korpela, Reino Kettunen, Rolf Holmberg, Saimi Partanen, Sirkka Aalto, Sylvi Pitkänen,
Tauno Miettinen, Toini Hirvonen, Urho Jokinen, Veikko Lampinen
"""
SWEDISH = {"Astrid", "Bengt", "Elsa", "Gunnel", "Helga", "Rolf"}
MEN = {
    "Arvo", "Bengt", "Eero", "Erkki", "Esko", "Heimo", "Kauko", "Olavi", "Paavo", "Pentti", "Reino", "Rolf",
    "Tauno", "Urho", "Veikko",
}  # fmt: skip
CHILDREN = ("Päivi", "Timo", "Marja", "Jari", "Kirsi", "Antti")
GROUPS = {"Lehmuskoto, 1. kerros": slice(0, 20), "Lehmuskoto, 2. kerros": slice(20, None)}


def move_in(home: Organisation, devices: int, identities: Path) -> dict[str, list[str]]:
    """Return the simulated devices, each with its resident's contacts; safe to run repeatedly."""
    identities.mkdir(parents=True, exist_ok=True)
    with transaction.atomic():
        residents = [
            _resident(home, number, name) for number, name in enumerate(NAMES.replace("\n", " ").split(","))
        ]
        for name, floor in GROUPS.items():
            ScreenGroup.objects.get_or_create(organisation=home, name=name)[0].residents.add(
                *residents[floor]
            )
    enrolled = [_device(resident, identities) for resident in residents[:devices]]
    ready = [each for each in enrolled if each.is_enrolled and (identities / each.pk / "key.pem").exists()]
    calls = Relation.objects.filter(resident__device__in=ready, visible_to_resident=True)
    found: dict[str, list[str]] = {each.pk: [] for each in ready}
    for device, contact in calls.values_list("resident__device", "contact"):
        found[device].append(str(contact))
    return found


def _resident(home: Organisation, number: int, name: str) -> Resident:
    first_name, last_name = name.split()
    resident, is_new = Resident.objects.get_or_create(
        organisation=home, first_name=first_name, last_name=last_name
    )
    if is_new:
        _settle(resident, Random(number))
    return resident


def _settle(resident: Resident, chance: Random) -> None:
    give_photo(resident, chance)
    ResidentView.objects.create(
        resident=resident,
        language="sv" if resident.first_name in SWEDISH else "fi",
        profile=ResidentView.Profile.SIMPLE if chance.random() < 0.2 else ResidentView.Profile.FULL,
        urgent_call=True,
        queue=chance.random() < 0.5,
        text_scale=chance.choice((1.0, 1.0, 1.2, 1.4)),
    )
    CareSettings.objects.create(resident=resident, monitored=chance.random() < 0.5)
    ResidentHome.objects.create(
        resident=resident, room=f"{chance.choice('ABC')} {chance.randint(1, 40)}", address="Lehmustie 4"
    )
    child = Contact.objects.create(
        organisation=resident.organisation,
        first_name=chance.choice(CHILDREN),
        last_name=resident.last_name,
        presence=chance.choice(Contact.Presence.values),
    )
    Relation.objects.create(resident=resident, contact=child, words="", favourite=True)


def give_photo(resident: Resident, chance: Random) -> None:
    """Give the resident a drawn portrait."""
    picture = portrait(old_face(chance, is_man=resident.first_name in MEN))
    resident.photo = photo.keep(photo.square_jpeg(BytesIO(picture), len(picture)), resident.organisation)
    resident.save(update_fields=["photo"])


def _device(resident: Resident, identities: Path) -> Device:
    if known := Device.objects.filter(resident=resident).first():
        return known
    key = ec.generate_private_key(ec.SECP256R1())
    request = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([])).sign(key, SHA256())
    issued = desk_authority().sign(request.public_bytes(Encoding.PEM))
    own = identities / issued.device
    own.mkdir(mode=0o700)
    (own / "certificate.pem").write_text(issued.pem, encoding="ascii")
    (own / "key.pem").touch(mode=0o600)
    (own / "key.pem").write_bytes(key_pem(key))
    device = Device.objects.create(
        id=issued.device,
        organisation=resident.organisation,
        resident=resident,
        certificate_pem=issued.pem,
    )
    documents.refresh(device)
    return device
