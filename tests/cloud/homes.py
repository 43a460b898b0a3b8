"""Homes to test with: an organisation, its nurse, and a resident with all that belongs to one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from itertools import count

from django.test import Client
from django.utils import timezone

from cloud.album.models import FamilyPicture
from cloud.cafe.models import EventPicture, Meeting
from cloud.calendar.models import Appointment, Cafe
from cloud.calls.models import PersonalLink
from cloud.delivery.models import Delivery
from cloud.devices.models import Device, DeviceFault
from cloud.family.models import Application
from cloud.help.models import HelpRequest, HelpStep, Partner
from cloud.messages.models import Message, MessageText, ReminderType
from cloud.notices.models import Contract, NoticeRule, NoticeTemplate, Recipient, TemplateFile
from cloud.organisations.models import Grant, Organisation, User
from cloud.organisations.roles import Role
from cloud.partner.models import Comparison, ContactSheet, Rota, RotaPerson, RotaShift
from cloud.people.models import (
    CareSettings,
    ClosedDay,
    Contact,
    EscalationContact,
    Photo,
    Relation,
    Resident,
    ResidentHome,
)
from cloud.proposals.models import Proposal
from cloud.queue.models import Queue, Visit
from cloud.screens.models import ResidentView, ScreenGroup, ViewChange, ViewTemplate

PASSWORD = "Kahvi ja pulla 4!"
SHEET = b"resident;contact;office phone;other phone;email\r\n"
_numbers = count(1)


@dataclass
class Home:
    """One of everything, all of one organisation; ``mark`` is part of every name in it."""

    mark: str
    organisation: Organisation
    user: User
    resident: Resident
    contact: Contact
    relation: Relation
    photo: Photo
    escalation_contact: EscalationContact
    appointment: Appointment
    device: Device
    help: HelpRequest
    link: PersonalLink
    closed_day: ClosedDay
    shift: RotaShift
    queue: Queue
    visit: Visit
    sheet: ContactSheet
    meeting: Meeting
    text: MessageText
    reminder: ReminderType
    message: Message
    delivery: Delivery
    template: NoticeTemplate
    recipient: Recipient
    contract: Contract
    application: Application
    proposal: Proposal
    picture: FamilyPicture
    screen_group: ScreenGroup
    view_template: ViewTemplate
    view_change: ViewChange


def make_home(mark: str, parent: Organisation | None = None) -> Home:
    """A home whose names all contain ``mark``."""
    number = next(_numbers)
    organisation = Organisation(name=f"{mark} home", parent=parent)
    organisation.save()
    user = make_user(organisation, first_name=f"{mark}nurse")
    resident = make_resident(organisation, mark)
    ResidentHome(resident=resident, room=f"{mark} room", address="Koivukatu 3", door_code="4711").save()
    photo = _make_photo(resident, number)
    contact = Contact(organisation=organisation, first_name=mark, last_name="Relative", photo=photo)
    contact.save()
    relation = Relation(resident=resident, contact=contact, words=f"{mark} daughter")
    relation.save()
    escalation_contact = EscalationContact(
        resident=resident, name=f"{mark} neighbour", office_phone="+358401234567"
    )
    escalation_contact.save()
    appointment = Appointment(resident=resident, title=f"{mark} visit", starts="2031-05-01T10:00")
    appointment.save()
    Cafe(organisation=organisation, name=f"{mark} café", hours=[], closed_on=["2031-12-24"]).save()
    _make_partner(organisation, mark)
    device = make_device(resident)
    DeviceFault(device=device, part=f"{mark} part", since=timezone.now()).save()
    request = make_help(device, f"help-{number}")
    link = PersonalLink(contact=contact, secret_sha256=f"{number:064x}", expires_at=timezone.now())
    link.save()
    HelpStep(request=request, key="received", kind="received", who=f"{mark} step", at=timezone.now()).save()
    closed_day = ClosedDay(organisation=organisation, day="2031-12-24")
    closed_day.save()
    rota = Rota.objects.create(organisation=organisation)
    person = RotaPerson(rota=rota, name=f"{mark} on duty", phone="+358401234567", email="duty@example.org")
    person.save()
    shift = RotaShift(person=person, weekday=0, starts="00:00", ends="00:15", last_day="2020-01-01")
    shift.save()
    visit = _make_visit(resident, f"{mark} queue")
    sheet = ContactSheet(user=user, data=SHEET)
    sheet.save()
    group, template_of_views, change = _make_change_of_many(resident, user, mark)
    return Home(
        mark, organisation, user, resident, contact, relation, photo, escalation_contact, appointment, device,
        request, link, closed_day, shift, visit.queue, visit, sheet,
        make_meeting(organisation, user, resident, mark),
        *_make_messages(resident, mark),
        _make_delivery(resident, mark),
        *_make_notices(resident, mark),
        _make_application(organisation, mark),
        _make_proposal(resident),
        _make_picture(contact, resident, mark),
        group, template_of_views, change,
    )  # fmt: skip


def _make_photo(resident: Resident, number: int) -> Photo:
    """The photo of the resident."""
    photo = Photo(organisation=resident.organisation, sha256=f"{number:064x}", data=b"jpeg")
    photo.content_type = "image/jpeg"
    photo.save()
    resident.photo = photo
    resident.save()
    return photo


def _make_partner(organisation: Organisation, mark: str) -> None:
    """A partner that is notified by e-mail, and one compared day."""
    partner = Partner(organisation=organisation, name=f"{mark} partner", email="partner@example.org")
    partner.save()
    Comparison(partner=partner, day="2031-12-24", state="same", tried_at=timezone.now()).save()


def _make_proposal(resident: Resident) -> Proposal:
    """Another one in the home has asked for something that changes nothing."""
    by = make_user(resident.organisation, f"{resident.first_name} proposer", roles=[])
    payload: dict[str, object] = {"residents": {}, "relations": []}
    return Proposal.objects.create(
        organisation=resident.organisation,
        kind="forced-calls",
        subject=f"nothing {resident.pk}",
        payload=payload,
        proposed_by=by,
    )


def _make_messages(resident: Resident, mark: str) -> tuple[MessageText, ReminderType, Message]:
    """A text, a reminder of appointments that nobody has, and a message of long ago."""
    text = MessageText(organisation=resident.organisation, code=f"{mark.lower()}-text", body_en="Hello")
    text.save()
    reminder = ReminderType(
        organisation=resident.organisation, name=f"{mark} reminder", keyword="unheard of", text=text
    )
    reminder.save()
    long_ago = timezone.now() - timedelta(days=9)
    message = Message(
        resident=resident, key="old", title=f"{mark} message", due_at=long_ago, until=long_ago, state="read"
    )
    message.save()
    return text, reminder, message


def _make_delivery(resident: Resident, mark: str) -> Delivery:
    """A message that went to somebody long ago."""
    at = timezone.now() - timedelta(days=9)
    delivery = Delivery(
        organisation=resident.organisation, resident=resident, key=f"old-{mark}-{resident.pk}", about="test",
        who=f"{mark} somebody", due_at=at, until=at, created_at=at, sent_at=at, state="sent",
    )  # fmt: skip
    delivery.save()
    return delivery


def _make_notices(resident: Resident, mark: str) -> tuple[NoticeTemplate, Recipient, Contract]:
    """A template of an event that does not happen, with a file; a contract; for one without address."""
    organisation = resident.organisation
    recipient = Recipient(organisation=organisation, name=f"{mark} recipient")
    recipient.save()
    event = "registration-waiting"
    template = NoticeTemplate(organisation=organisation, event=event, name=f"{mark} template")
    template.save()
    NoticeRule(template=template, to="person", person=recipient).save()
    TemplateFile(template=template, name="guide.txt", content_type="text/plain", data=b"guide").save()
    contract = Contract(
        organisation=organisation, number=f"{mark} 7", payer=f"{mark} city", begins="2020-01-01"
    )
    contract.save()
    contract.contacts.create(recipient=recipient, is_main=True)
    contract.covered.create(resident=resident)
    return template, recipient, contract


def _make_application(organisation: Organisation, mark: str) -> Application:
    """A relative who applied long ago, and was refused."""
    at = timezone.now() - timedelta(days=9)
    application = Application(
        organisation=organisation, state="refused", first_name=f"{mark} applicant", last_name="Virtanen",
        email="applicant@example.org", resident_name="Virtanen", relation=f"{mark} cousin", language="en",
        consented_at=at, made_at=at, decided_at=at, reason="unknown",
    )  # fmt: skip
    application.save()
    return application


def _make_picture(contact: Contact, resident: Resident, mark: str) -> FamilyPicture:
    """A picture that was sent long ago."""
    picture = FamilyPicture(
        resident=resident, contact=contact, sender=f"{mark} Relative", words=f"{mark} words", data=b"jpeg",
        sha256="b" * 64, sent_at=timezone.now() - timedelta(days=9),
    )  # fmt: skip
    picture.save()
    return picture


def _make_change_of_many(
    resident: Resident, user: User, mark: str
) -> tuple[ScreenGroup, ViewTemplate, ViewChange]:
    """A group without members, a template, and a change that nobody's view was in."""
    organisation = resident.organisation
    group = ScreenGroup.objects.create(organisation=organisation, name=f"{mark} group")
    template = ViewTemplate.objects.create(
        organisation=organisation, name=f"{mark} template of views", values={"cafe": False}
    )
    change = ViewChange.objects.create(
        organisation=organisation, target=f"{mark} target", values={"cafe": False}, by=user, at=timezone.now()
    )
    return group, template, change


def _make_visit(resident: Resident, name: str) -> Visit:
    """A visit that is over, to a queue of the resident's home."""
    queue = Queue(organisation=resident.organisation, name=name)
    queue.save()
    visit = Visit(id=f"visit-{queue.pk}", queue=queue, resident=resident, joined_at=timezone.now())
    visit.stage, visit.way, visit.ended_at = "ended", "text", visit.joined_at
    visit.save()
    return visit


def make_meeting(organisation: Organisation, host: User, resident: Resident, mark: str) -> Meeting:
    """An event with a picture, which goes on now."""
    picture = EventPicture(organisation=organisation, sha256="c" * 64, data=b"jpeg")
    picture.save()
    now = timezone.now()
    meeting = Meeting(organisation=organisation, title=f"{mark} event", starts_at=now, picture=picture)
    meeting.ends_at = now + timedelta(hours=1)
    meeting.save()
    meeting.hosts.add(host)
    meeting.invited.add(resident)
    return meeting


def make_user(
    organisation: Organisation, first_name: str = "Anna", language: str = "en", roles: Iterable[Role] = Role
) -> User:
    """Somebody who works there, in every role unless some are named; the password is ``PASSWORD``."""
    username = f"user{next(_numbers)}"
    user = User.objects.create_user(
        username, password=PASSWORD, organisation=organisation, first_name=first_name, language=language
    )
    Grant.objects.bulk_create(Grant(user=user, organisation=organisation, role=role) for role in roles)
    return user


def make_resident(organisation: Organisation, first_name: str = "Aino") -> Resident:
    """Somebody who lives there, with a view and care settings."""
    resident = Resident(organisation=organisation, first_name=first_name, last_name="Virtanen")
    resident.save()
    ResidentView(resident=resident, language="en").save()
    CareSettings(resident=resident).save()
    return resident


def make_device(resident: Resident) -> Device:
    """A tablet in the resident's room."""
    letters = "abcdefghijklmnopqrstuvwxyz234567"
    number = next(_numbers)
    id_ = "devicedevice" + "".join(letters[(number >> shift) & 31] for shift in (15, 10, 5, 0))
    device = Device(id=id_, organisation=resident.organisation, resident=resident, certificate_pem="none")
    device.save()
    return device


def make_help(device: Device, id_: str, **fields: object) -> HelpRequest:
    """A request that nobody has taken."""
    request = HelpRequest(
        help_id=id_,
        organisation=device.organisation,
        device=device,
        resident=device.resident,
        source="screen",
        raised_at=timezone.now(),
        **fields,
    )
    request.save()
    return request


def confirm_as_another(home: Home) -> Client:
    """A second person of the home confirms what waits; their desk."""
    client = Client()
    client.force_login(make_user(home.organisation, "Second", roles=[Role.TEAM_LEAD]))
    for proposal in Proposal.objects.filter(organisation=home.organisation, state="open"):
        client.post(f"/proposals/{proposal.pk}/confirm/")
    return client
