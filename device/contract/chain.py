"""The chain of the log of forced calls: an entry that is changed or taken out afterwards breaks it (K5)."""

import hashlib
from collections.abc import Iterable

import msgspec

from device.contract.events import CallLogged

# What the first entry of a device says of the one before.
NO_ENTRY_BEFORE = "0" * 64


def digest(entry: CallLogged) -> str:
    """SHA-256, hexadecimal, over the JSON of the entry's fields in their order, ``sha256`` itself left out.

    The JSON is compact, as it crosses the wire: UTF-8, no spaces, ``asked_at`` in UTC with a ``Z``.
    """
    fields = {name: getattr(entry, name) for name in entry.__struct_fields__ if name != "sha256"}
    return hashlib.sha256(msgspec.json.encode(fields)).hexdigest()


def broken_at(entries: Iterable[CallLogged]) -> int | None:
    """The ``number`` of the first entry that is not what was logged, or does not follow; None if all do."""
    before: CallLogged | None = None
    for entry in entries:
        follows = before is None or (entry.previous_sha256, entry.number) == (
            before.sha256,
            before.number + 1,
        )
        if entry.sha256 != digest(entry) or not follows:
            return entry.number
        before = entry
    return None
