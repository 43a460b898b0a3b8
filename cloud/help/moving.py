"""Open help requests of residents who move: along to a new home, and never into the archive (K3)."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from cloud.help.models import HelpRequest
from cloud.notify import live_updates
from cloud.organisations.models import Organisation
from cloud.people.models import Resident


def follow(*, resident: Resident, before: Organisation, **_signal: object) -> None:
    """Move open requests to the new home; closed ones stay.

    The devices have moved before and are locked: presses meanwhile are handled before or after.
    """
    requests = HelpRequest.objects.filter(device__resident=resident, closed_at=None)
    requests.update(organisation=resident.organisation)
    for home in (before, resident.organisation):
        live_updates.changed(home, live_updates.HELP)


def refuse_archiving(*, resident: Resident, **_signal: object) -> None:
    """Raise ``ValidationError`` while help of the resident is open: nobody would hear of it any more."""
    if HelpRequest.objects.filter(resident=resident, closed_at=None).exists():
        raise ValidationError(_("Help is open for this resident: close it first."), code="help")
