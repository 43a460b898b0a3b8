"""The demo's organisations, people, calendar and café; safe to run repeatedly."""

from io import BytesIO
from pathlib import Path
from random import Random
from typing import NamedTuple

from django.db import transaction

from cloud.calendar import ical
from cloud.calendar.models import Cafe
from cloud.desk.demo.neighbours import give_photo
from cloud.desk.demo.people import RELATIVES, Relative
from cloud.desk.demo.portraits import portrait
from cloud.desk.demo.queues import open_queues
from cloud.devices.documents import refresh_resident
from cloud.help.models import Partner
from cloud.organisations.models import Organisation, User
from cloud.organisations.roles import Role
from cloud.people import photo
from cloud.people.models import CareSettings, Contact, EscalationContact, Relation, Resident, ResidentHome
from cloud.screens.models import ResidentView
from device.contract.documents import Elements

CALENDAR = Path(__file__).with_name("aino.ics")
HOURS = [
    {"days": [1, 2, 3, 4, 5], "opens": "13:00", "closes": "16:00"},
    {"days": [6, 7], "opens": "14:00", "closes": "18:00"},
]


TO_NOTIFY = [
    ("Leena Virtanen", "+358401000001", "leena@example.org"),
    ("Lehmuskoto", "+358401000009", "lehmuskoto@example.org"),
]


class Account(NamedTuple):
    """A user account of the demo."""

    username: str
    first_name: str
    last_name: str
    language: str
    is_host: bool
    roles: tuple[Role, ...] = (Role.NURSE,)


# Answers the simulated residents' calls for help.
NURSE_OF_THE_HOUSE = "hanna"

ACCOUNTS = [
    Account("admin", "Helena", "Ranta", "fi", is_host=True, roles=(Role.ADMINISTRATOR, Role.TEAM_LEAD)),
    Account("anna", "Anna", "Salo", "fi", is_host=False, roles=(Role.TEAM_LEAD,)),
    Account("mikael", "Mikael", "Lindholm", "sv", is_host=False),
    Account(NURSE_OF_THE_HOUSE, "Hanna", "Virta", "fi", is_host=False),
]


@transaction.atomic
def furnish() -> tuple[Resident, list[User]]:
    """Return the demo's resident and users; passwords are not set here."""
    host = _organisation("Rantakylän kotihoito", None)
    home = _organisation("Lehmuskoto", host)
    users = [_user(account, host if account.is_host else home) for account in ACCOUNTS]
    resident, _ = Resident.objects.get_or_create(organisation=home, first_name="Aino", last_name="Virtanen")
    if resident.photo is None:
        give_photo(resident, Random(0))
    _surround(resident)
    _plan(resident, home)
    open_queues(home)
    refresh_resident(resident)
    return resident, users


def _organisation(name: str, parent: Organisation | None) -> Organisation:
    organisation, _ = Organisation.objects.get_or_create(name=name, parent=parent)
    return organisation


def _user(account: Account, organisation: Organisation) -> User:
    user, _ = User.objects.get_or_create(
        username=account.username,
        defaults={
            "first_name": account.first_name,
            "last_name": account.last_name,
            "language": account.language,
            "organisation": organisation,
        },
    )
    user.give(account.roles, organisation)
    return user


def _surround(resident: Resident) -> None:
    for order, relative in enumerate(RELATIVES):
        contact = _contact(relative, resident.organisation)
        Relation.objects.get_or_create(
            resident=resident,
            contact=contact,
            defaults={"words": relative.words, "favourite": relative.favourite, "order": order},
        )


def _contact(relative: Relative, organisation: Organisation) -> Contact:
    contact, is_new = Contact.objects.get_or_create(
        organisation=organisation,
        first_name=relative.first_name,
        last_name=relative.last_name,
        defaults={"phone": relative.phone, "presence": relative.presence},
    )
    if is_new:
        picture = portrait(relative.face)
        contact.photo = photo.keep(photo.square_jpeg(BytesIO(picture), len(picture)), organisation)
        contact.save(update_fields=["photo"])
    return contact


def _plan(resident: Resident, home: Organisation) -> None:
    elements = dict.fromkeys(Elements.__struct_fields__, True)
    ResidentView.objects.get_or_create(resident=resident, defaults=elements)
    CareSettings.objects.get_or_create(
        resident=resident,
        defaults={"monitored": True, "remote_view_allowed": True, "remote_view_may_touch": True},
    )
    ResidentHome.objects.get_or_create(
        resident=resident,
        defaults={
            "room": "A 12",
            "address": "Lehmustie 4",
            "phone": "+358401112233",
            "notes": "Kuulee huonosti oikealla korvalla.",
            "door_code": "1945",
            "key_place": "Avainkaappi 3, hoitajien huone",
        },
    )
    for order, (name, number, email) in enumerate(TO_NOTIFY):
        EscalationContact.objects.get_or_create(
            resident=resident, name=name, defaults={"office_phone": number, "email": email, "order": order}
        )
    Partner.objects.get_or_create(
        organisation=home, defaults={"name": "Turvakeskus Pohjola", "email": "halytys@example.org"}
    )
    Cafe.objects.get_or_create(organisation=home, defaults={"name": "Kahvila Lehmus", "hours": HOURS})
    ical.ingest(CALENDAR.read_bytes(), resident)
