"""How each part of the desk comes to the broker: its own certificate, from its own settings."""

from cloud.notify.cells import Broker
from cloud.notify.session import Door
from cloud.pki.authority import LINK, WEB, desk_authority


def web_door(client_id: str, broker: Broker) -> Door:
    """For a web process: hints are not kept for it."""
    return _door(WEB, client_id, broker)


def link_door(client_id: str, broker: Broker) -> Door:
    """For a link worker, or an errand in its name."""
    return _door(LINK, client_id, broker)


def _door(part: str, client_id: str, broker: Broker) -> Door:
    authority = desk_authority()
    certificate, key = authority.client_files(part)
    return Door(
        host=broker.host,
        port=broker.desk_port,
        client_id=client_id,
        authority=authority.certificate_file,
        certificate=certificate,
        key=key,
    )
