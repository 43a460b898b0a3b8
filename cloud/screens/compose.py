"""Composes the documents view, people and policy, without what the resident must not see (V8, V14)."""

from datetime import time
from typing import Any, cast

import msgspec
from msgspec.structs import replace

from cloud.devices.documents import NO_VERSION
from cloud.devices.models import Device
from cloud.notify.cells import EACH_KNOWS, known_to
from cloud.people.models import CareSettings, Contact, EscalationContact, Relation
from cloud.screens.models import ResidentView
from cloud.screens.zone import closed_days_of
from device.contract import documents as contract


def view(device: Device, _document: contract.View) -> contract.View:
    """Return the view document of the resident's screen."""
    resident = device.resident
    found: ResidentView | None = getattr(resident, "view", None)
    document = view_document(found)
    return document if found else replace(document, language=cast(Any, device.language))


def view_document(view: ResidentView | None) -> contract.View:
    """Return the document of a view, saved or not; without one, a screen with only help."""
    if view is None:
        return contract.View(version=NO_VERSION)
    elements = {name: getattr(view, name) for name in contract.Elements.__struct_fields__}
    return contract.View(
        version=NO_VERSION,
        elements=contract.Elements(**elements),
        language=cast(Any, view.language),
        time_zone=view.time_zone,
        profile=cast(Any, view.profile),
        theme=contract.Theme(
            mode=cast(Any, view.colours),
            night_from=_wall(view.night_from),
            night_until=_wall(view.night_until),
            high_contrast=view.high_contrast,
        ),
        text_scale=view.text_scale,
        speak_on_touch=view.speak_on_touch,
        hang_up_presses=cast(Any, view.hang_up_presses),
        home_after_s=view.home_after_s,
        slide_show_after_min=view.slide_show_after_min,
    )


def people(device: Device, document: contract.People) -> contract.People:
    """Return the contacts that the resident may see."""
    resident = device.resident
    if resident is None:
        return document
    seen = Relation.objects.filter(resident=resident, visible_to_resident=True, contact__locked=False)
    relations = seen.select_related("contact", "contact__photo").defer("contact__photo__data")
    return contract.People(
        version=NO_VERSION,
        resident=contract.Resident(first_name=resident.first_name, last_name=resident.last_name),
        contacts=[_contact(relation) for relation in relations],
    )


def _contact(relation: Relation) -> contract.Contact:
    contact = relation.contact
    is_professional = contact.role == Contact.Role.PROFESSIONAL
    return contract.Contact(
        id=str(contact.pk),
        first_name=contact.first_name,
        last_name=contact.last_name,
        relation=relation.words,
        role=cast(Any, contact.role),
        favourite=relation.favourite,
        presence=cast(Any, contact.presence),
        photo=contact.photo.sha256 if contact.photo else None,
        phone=contact.phone,
        may_force_call=is_professional or relation.may_force_call,
    )


def add_brokers(device: Device, document: contract.Policy) -> contract.Policy:
    """Set the brokers of the device; a single one is known from its enrolment."""
    known = known_to(device.pk)
    if len(known) < EACH_KNOWS:
        return document
    addresses = [contract.BrokerAddress(host=each.host, port=each.device_port) for each in known]
    return msgspec.structs.replace(document, brokers=addresses)


def policy(device: Device, _document: contract.Policy) -> contract.Policy:
    """Return what is permitted at the resident's home, and who is notified of help."""
    resident = device.resident
    use: Any = device.use
    care = CareSettings.objects.filter(resident=resident).first() if resident else None
    escalation_contacts = EscalationContact.objects.filter(resident=resident) if resident else []
    contacts = [
        contract.EscalationContact(
            name=each.name, office_phone=each.office_phone, other_phone=each.other_phone
        )
        for each in escalation_contacts
    ]
    if care is None:
        contacts_only = contract.HelpPolicy(contacts=contacts)
        return contract.Policy(version=NO_VERSION, use=use, help=contacts_only)
    return contract.Policy(
        version=NO_VERSION,
        use=use,
        monitored=care.monitored,
        help=contract.HelpPolicy(
            screen=cast(Any, care.press_screen),
            button=cast(Any, care.press_button),
            pendant=cast(Any, care.press_pendant),
            sms_wait_s=care.sms_wait_s,
            contacts=contacts,
            office_from=_wall(care.office_from),
            office_until=_wall(care.office_until),
            office_closed_on=closed_days_of(resident) if resident else [],
        ),
        forced_calls=contract.ForcedCallPolicy(
            by_professionals=care.forced_by_professionals,
            by_relatives=care.forced_by_relatives,
            consent_on_file=care.has_consent,
            allowed_from=_wall(care.forced_from),
            allowed_until=_wall(care.forced_until),
            most_per_day=care.forced_most_per_day,
            countdown_s=care.forced_countdown_s,
        ),
        remote_view=contract.RemoteViewPolicy(
            allowed=care.remote_view_allowed, may_touch=care.remote_view_may_touch
        ),
    )


def _wall(at: time) -> str:
    return f"{at:%H:%M}"
