"""The tablets of a street's homes, played by this process."""

import json

from tests.campaign.street import Street
from tests.link.tablet import Identity, Tablet


def tablet_of(street: Street, number: int) -> Tablet:
    """The identity of one home, at the broker itself."""
    file = street.tablets[number].identity
    link = json.loads((file / "link.json").read_text())
    identity = Identity(str(link["device"]), None, file, file / "ca.pem")  # type: ignore[arg-type]
    return Tablet(identity, street.place.ports.broker_devices).connect()
