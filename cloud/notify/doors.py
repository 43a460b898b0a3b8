"""How each part of the desk comes to the broker: its own certificate, from its own settings."""

from django.conf import settings

from cloud.notify.session import Door
from cloud.pki.authority import LINK, WEB, desk_authority

# An outage of a long weekend and more must not lose what devices have sent.
LINK_SESSION_S = 7 * 24 * 3600


def link_door(client_id: str) -> Door:
    """For a link worker: its session lasts."""
    return _door(LINK, client_id, LINK_SESSION_S)


def web_door(client_id: str) -> Door:
    """For a web process: hints are not kept for it."""
    return _door(WEB, client_id, 0)


def passing_door(client_id: str) -> Door:
    """For an errand in the name of the link, with a session that ends with it."""
    return _door(LINK, client_id, 0)


def _door(part: str, client_id: str, lasting_s: int) -> Door:
    authority = desk_authority()
    certificate, key = authority.client_files(part)
    return Door(
        host=settings.BROKER_HOST,
        port=settings.BROKER_DESK_PORT,
        client_id=client_id,
        authority=authority.certificate_file,
        certificate=certificate,
        key=key,
        lasting_s=lasting_s,
    )
