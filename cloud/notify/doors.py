"""Broker settings of each process: address and client certificate."""

from cloud.notify.cells import Broker
from cloud.notify.session import Door
from cloud.pki.authority import LINK, WEB, desk_authority


def web_door(client_id: str, broker: Broker) -> Door:
    """Return the settings of a web process, for which the broker stores nothing."""
    return _door(WEB, client_id, broker)


def link_door(client_id: str, broker: Broker) -> Door:
    """Return the settings of a link worker, or of a task in its name."""
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
