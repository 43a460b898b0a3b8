"""A device that is retired loses what it knows, and says so without its key, which is gone (K17).

The desk sends ``Wipe`` by MQTT, and answers every request of a retired device over HTTPS with status 410 and
``Retired``. Once nothing is left the device posts ``Wiped`` to ``/device/v1/wiped``, until it is received.
"""

from msgspec import Struct

from device.contract.values import Identifier, Line


class Wipe(Struct, frozen=True, kw_only=True, tag_field="kind", tag="wipe"):
    """Lose key, database, photos and cache, and prove it with this receipt."""

    receipt: Identifier


class Retired(Struct, frozen=True, kw_only=True):
    """The answer to a device that is not trusted any more; to this device alone, which proved its key."""

    error: Line
    receipt: Identifier


class Wiped(Struct, frozen=True, kw_only=True):
    """Nothing is left on the device but this."""

    device: Identifier
    receipt: Identifier
