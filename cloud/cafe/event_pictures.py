"""Pictures of events: each stored once in its organisation, and deleted when no event has it any more."""

from hashlib import sha256

from cloud.cafe.models import EventPicture
from cloud.organisations.models import Organisation


def keep(jpeg: bytes, organisation: Organisation) -> EventPicture:
    """Store the picture once in each organisation, and return it."""
    picture, _is_new = EventPicture.objects.get_or_create(
        organisation=organisation, sha256=sha256(jpeg).hexdigest(), defaults={"data": jpeg}
    )
    return picture


def forget_unused() -> None:
    """Delete pictures of events that no longer exist or have another one."""
    EventPicture.objects.filter(meetings=None).delete()
