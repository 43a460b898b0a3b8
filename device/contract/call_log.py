"""The digests that chain the device's own log of forced calls (K5): each end computes them alike."""

import hashlib

import msgspec

from device.contract.events import CallLogged

# What stands before the first entry.
NOTHING_BEFORE = "0" * 64


def digest(entry: CallLogged) -> str:
    """SHA-256 of the entry as it should be: over the UTF-8 of a compact JSON object (RFC 8259) of its fields.

    In the order of ``CallLogged``, without ``kind`` and ``sha256``; what ``sha256`` says is not looked at.
    """
    fields = [name for name in entry.__struct_fields__ if name != "sha256"]
    said = {name: getattr(entry, name) for name in fields}
    return hashlib.sha256(msgspec.json.encode(said)).hexdigest()
