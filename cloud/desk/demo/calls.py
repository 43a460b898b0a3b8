"""Demo data of calls: personal links, a right to forced calls, and the duty officer."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from cloud.calls.models import CallSettings
from cloud.devices.documents import refresh_resident
from cloud.people.models import CareSettings, Contact, Relation, Resident

CALLERS = ("Leena", "Sanna")


@transaction.atomic
def open_for_calls(resident: Resident) -> list[Contact]:
    """Daughter and granddaughter, who get links; the daughter may make a forced call. A nurse is on duty."""
    relations = Relation.objects.filter(resident=resident, contact__first_name__in=CALLERS)
    relations.filter(contact__first_name=CALLERS[0]).update(may_force_call=True)
    CareSettings.objects.filter(resident=resident, consent_on=None).update(
        forced_by_relatives=True,
        forced_by_professionals=True,
        consent_by=str(resident),
        consent_on=date(2026, 1, 15),
    )
    nurse, _ = Contact.objects.get_or_create(
        organisation=resident.organisation,
        first_name="Anna",
        last_name="Salo",
        defaults={"role": Contact.Role.PROFESSIONAL},
    )
    CallSettings.objects.get_or_create(
        organisation=resident.organisation,
        defaults={"duty_officer": nurse, "on_duty_since": timezone.now()},
    )
    refresh_resident(resident)
    return [relation.contact for relation in relations.select_related("contact").order_by("pk")]
