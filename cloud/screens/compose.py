"""The contract's documents from the desk's models; what the resident must not see is left out (V8, V14)."""

from datetime import time
from typing import Any, cast

from django.utils.timezone import localdate

from cloud.calendar.agenda import occurrences_of
from cloud.calendar.models import MOST_CLOSED_DAYS, Cafe
from cloud.calls.models import LIMIT_MIN
from cloud.calls.presence import presences
from cloud.calls.settings import limit_min
from cloud.devices.models import Device
from cloud.people.closed_days import closed_days
from cloud.people.models import CareSettings, Contact, EscalationContact, Relation, Resident
from cloud.screens.models import ResidentView
from cloud.screens.zone import zone_of
from device.contract import documents as contract
from device.contract.documents import AnyDocument, Document

# Versions are given when a document is saved.
NO_VERSION = 1


def compose(device: Device) -> dict[Document, AnyDocument]:
    """All documents of this device; one without a resident shows nothing about anybody."""
    resident = device.resident
    return {
        "view": view_document(ResidentView.objects.filter(resident=resident).first() if resident else None),
        "people": _people(resident) if resident else contract.People(version=NO_VERSION),
        "calendar": _calendar(resident) if resident else contract.Calendar(version=NO_VERSION),
        "policy": _policy(device, resident),
    }


def view_document(view: ResidentView | None) -> contract.View:
    """The document of a view, which need not be saved; without one, a screen of nothing but help."""
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
    )


def _people(resident: Resident) -> contract.People:
    seen = Relation.objects.filter(resident=resident, visible_to_resident=True, contact__locked=False)
    relations = list(seen.select_related("contact", "contact__photo").defer("contact__photo__data"))
    now = presences(relation.contact for relation in relations)
    return contract.People(
        version=NO_VERSION,
        resident=contract.Resident(first_name=resident.first_name, last_name=resident.last_name),
        contacts=[_contact(relation, now[relation.contact_id]) for relation in relations],
    )


def _contact(relation: Relation, presence: str) -> contract.Contact:
    contact = relation.contact
    is_professional = contact.role == Contact.Role.PROFESSIONAL
    return contract.Contact(
        id=str(contact.pk),
        first_name=contact.first_name,
        last_name=contact.last_name,
        relation=relation.words,
        role=cast(Any, contact.role),
        favourite=relation.favourite,
        presence=cast(Any, presence),
        photo=contact.photo.sha256 if contact.photo else None,
        phone=contact.phone,
        may_force_call=is_professional or relation.may_force_call,
    )


def _calendar(resident: Resident) -> contract.Calendar:
    cafe = Cafe.serving(resident.organisation)
    occurrences, known_until = occurrences_of(resident)
    return contract.Calendar(
        version=NO_VERSION,
        occurrences=occurrences,
        known_until=known_until,
        cafe=_cafe(cafe, resident) if cafe else contract.Cafe(),
    )


def _cafe(cafe: Cafe, resident: Resident) -> contract.Cafe:
    hours = [
        contract.OpeningHours(days=each["days"], opens=each["opens"], closes=each["closes"])
        for each in cafe.hours
    ]
    closed_on = set(cafe.closed_on) | set(_closed_days(resident) if cafe.closed_on_holidays else [])
    return contract.Cafe(name=cafe.name, hours=hours, closed_on=sorted(closed_on)[-MOST_CLOSED_DAYS:])


def _policy(device: Device, resident: Resident | None) -> contract.Policy:
    use: Any = device.use
    care = CareSettings.objects.filter(resident=resident).first() if resident else None
    told = EscalationContact.objects.filter(resident=resident) if resident else []
    contacts = [
        contract.EscalationContact(
            name=each.name, office_phone=each.office_phone, other_phone=each.other_phone
        )
        for each in told
    ]
    limit = limit_min(resident) if resident else LIMIT_MIN
    if care is None:
        told_only = contract.HelpPolicy(contacts=contacts)
        return contract.Policy(version=NO_VERSION, use=use, help=told_only, call_limit_min=limit)
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
            office_closed_on=_closed_days(resident),
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
        call_limit_min=limit,
        look=contract.LookPolicy(allowed=care.look_allowed, may_touch=care.look_may_touch),
    )


def _closed_days(resident: Resident | None) -> list[str]:
    return closed_days(resident.organisation, zone_of(resident).key, localdate()) if resident else []


def _wall(at: time) -> str:
    return f"{at:%H:%M}"
