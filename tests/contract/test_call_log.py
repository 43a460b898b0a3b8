"""The digest of an entry of the device's log of forced calls."""

import hashlib
import json
from datetime import UTC, datetime

import msgspec
import pytest
from msgspec.structs import replace

from device.contract.call_log import NOTHING_BEFORE, digest
from device.contract.events import CallLogged

ENTRY = CallLogged(
    number=1,
    call_id="c1",
    contact_id="7",
    name="Ääkkönen <Anna>",
    reason="alarm",
    reason_text="No answer at the door",
    asked_at=datetime(2031, 1, 6, 12, 0, 0, 250_000, UTC),
    outcome="refused",
    seconds=0.0,
    previous_sha256=NOTHING_BEFORE,
    sha256=NOTHING_BEFORE,
)


@pytest.mark.requirement("K5")
def test_digest_is_what_the_contract_says() -> None:
    """Any back end can compute it from the JSON it received: fields in order, no kind, no digest."""
    sent = json.loads(msgspec.json.encode(ENTRY))
    said = {name: value for name, value in sent.items() if name not in ("kind", "sha256")}
    text = json.dumps(said, separators=(",", ":"), ensure_ascii=False)
    assert digest(ENTRY) == hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.requirement("K5")
def test_digest_survives_the_wire_and_notices_a_change() -> None:
    """Read back it is the same; with another reason it is not."""
    back = msgspec.json.decode(msgspec.json.encode(ENTRY), type=CallLogged)
    assert digest(back) == digest(ENTRY)
    assert digest(replace(ENTRY, reason_text="Something else")) != digest(ENTRY)
