"""Wiping a retired device, and its receipt, which needs no key: that is wiped too (K17).

The desk sends ``Wipe`` by MQTT, and answers every HTTPS request of a retired device with status 410 and
``Retired``. Once all is wiped the device posts ``Wiped`` to ``/device/v1/wiped``, until it is received.
"""

from msgspec import Struct

from device.contract.values import Identifier, Line


class Wipe(Struct, frozen=True, kw_only=True, tag_field="kind", tag="wipe"):
    """Erase key, database, photos and cache, and confirm it with this receipt."""

    receipt: Identifier


class Retired(Struct, frozen=True, kw_only=True):
    """The response to a retired device; only to this device, which proved its key."""

    error: Line
    receipt: Identifier


class Wiped(Struct, frozen=True, kw_only=True):
    """The device has erased everything but this."""

    device: Identifier
    receipt: Identifier
