"""A resident moves: what calls for help in their name goes along (K3)."""

from cloud.help.models import HelpRequest
from cloud.notify import nudge
from cloud.organisations.models import Organisation
from cloud.people.models import Resident


def follow(*, resident: Resident, before: Organisation, **_signal: object) -> None:
    """Open requests belong to the new home from now on; what is over stays where it was.

    The devices have moved before, and are locked: what is pressed meanwhile comes in before or after.
    """
    requests = HelpRequest.objects.filter(device__resident=resident, closed_at=None)
    requests.update(organisation=resident.organisation)
    for home in (before, resident.organisation):
        nudge.changed(home, nudge.HELP)
