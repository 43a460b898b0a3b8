"""Call settings of organisations and residents."""

from cloud.calls import rights
from cloud.calls.models import LIMIT_MIN, CallSettings
from cloud.organisations.models import Organisation
from cloud.people.models import CareSettings, Contact, Relation, Resident


def limit_min(resident: Resident) -> int:
    """Return the number of minutes after which a call with this resident ends (V21)."""
    care = CareSettings.objects.filter(resident=resident).first()
    if care and care.call_limit_min:
        return care.call_limit_min
    nearest = CallSettings.serving(resident.organisation)
    return nearest[0].limit_min if nearest else LIMIT_MIN


def duty_officer(organisation: Organisation) -> Contact | None:
    """Return the duty officer of this organisation, or of its nearest ancestor that has one (V11)."""
    for row in CallSettings.serving(organisation):
        officer = row.duty_officer
        if officer and not officer.locked and not officer.anonymised_at:
            return officer
    return None


def permission(care: CareSettings | None) -> rights.Permission:
    """Return the resident's permission for forced calls."""
    if care is None:
        return rights.Permission()
    return rights.Permission(
        by_professionals=care.forced_by_professionals,
        by_relatives=care.forced_by_relatives,
        has_consent=care.has_consent,
        since=care.forced_from,
        until=care.forced_until,
        most_per_day=care.forced_most_per_day,
    )


def caller(relation: Relation) -> rights.Caller:
    """Return a contact's relation to a resident."""
    return rights.Caller(
        role="professional" if relation.contact.role == Contact.Role.PROFESSIONAL else "relative",
        is_seen=relation.visible_to_resident,
        may_force=relation.may_force_call,
    )
