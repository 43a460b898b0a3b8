"""Moves a resident's open help requests along to a new home (K3)."""

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
