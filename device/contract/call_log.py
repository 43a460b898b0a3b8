"""The hash chain of the device's log of forced calls (K5), computed alike by device and desk."""

import hashlib

import msgspec

from device.contract.events import CallLogged

# The digest before the first entry.
NOTHING_BEFORE = "0" * 64


def digest(entry: CallLogged) -> str:
    """Return the SHA-256 of an entry: of the UTF-8 of a compact JSON object (RFC 8259) of its fields.

    In the order of ``CallLogged``, without ``kind`` and ``sha256``; the entry's own ``sha256`` is ignored.
    """
    fields = [name for name in entry.__struct_fields__ if name != "sha256"]
    said = {name: getattr(entry, name) for name in fields}
    return hashlib.sha256(msgspec.json.encode(said)).hexdigest()
