from datetime import UTC, datetime

import msgspec
import pytest
from msgspec.structs import replace

from device.contract.chain import NO_ENTRY_BEFORE, broken_at, digest
from device.contract.events import CallLogged


def logged(*texts: str) -> list[CallLogged]:
    entries: list[CallLogged] = []
    for number, text in enumerate(texts, 1):
        entry = CallLogged(
            number=number,
            call_id=f"call-{number}",
            contact_id="anna",
            name="Änna",
            reason="other",
            reason_text=text,
            asked_at=datetime(2026, 11, 21, 12, number, tzinfo=UTC),
            outcome="desk",
            seconds=12.0,
            previous_sha256=entries[-1].sha256 if entries else NO_ENTRY_BEFORE,
            sha256=NO_ENTRY_BEFORE,
        )
        entries.append(replace(entry, sha256=digest(entry)))
    return entries


@pytest.mark.requirement("K5")
def test_an_untouched_log_holds_also_after_the_wire() -> None:
    """What was sent and read again is what was logged."""
    entries = logged("Kaatui", "Sovittu", "Lääke")
    over_the_wire = msgspec.json.decode(msgspec.json.encode(entries), type=list[CallLogged])
    assert broken_at(over_the_wire) is None


@pytest.mark.requirement("K5")
@pytest.mark.parametrize(
    "change",
    [
        {"reason_text": "Sovittu etukäteen"},
        {"name": "Somebody"},
        {"seconds": 13.0},
        {"outcome": "refused"},
        {"asked_at": datetime(2026, 11, 21, 9, 2, tzinfo=UTC)},
    ],
)
def test_a_changed_entry_breaks_the_chain(change: dict[str, object]) -> None:
    """Whatever was changed, and also where its own digest was made to fit."""
    first, second, third = logged("Kaatui", "Sovittu", "Lääke")
    changed = replace(second, **change)
    assert broken_at([first, changed, third]) == 2
    assert broken_at([first, replace(changed, sha256=digest(changed)), third]) == 3


@pytest.mark.requirement("K5")
def test_an_entry_taken_out_breaks_the_chain() -> None:
    """The next one does not follow on the one before."""
    first, _, third = logged("Kaatui", "Sovittu", "Lääke")
    assert broken_at([first, third]) == 3
