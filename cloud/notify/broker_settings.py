"""Broker settings of each process: address and client certificate."""

from cloud.notify.cells import Broker
from cloud.notify.session import BrokerSettings
from cloud.pki.authority import LINK, WEB, desk_authority


def web_settings(client_id: str, broker: Broker) -> BrokerSettings:
    """Return the settings of a web process, for which the broker stores nothing."""
    return _settings(WEB, client_id, broker)


def link_settings(client_id: str, broker: Broker) -> BrokerSettings:
    """Return the settings of a link worker, or of a task in its name."""
    return _settings(LINK, client_id, broker)


def _settings(part: str, client_id: str, broker: Broker) -> BrokerSettings:
    authority = desk_authority()
    certificate, key = authority.client_files(part)
    return BrokerSettings(
        host=broker.desk_host or broker.host,
        port=broker.desk_port,
        client_id=client_id,
        authority=authority.certificate_file,
        certificate=certificate,
        key=key,
    )
