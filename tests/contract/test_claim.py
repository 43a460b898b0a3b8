"""The QR code of the desk, and what somebody types instead."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.contract.claim import (
    Invitation,
    claim_letters,
    invitation_text,
    mark_of,
    read_invitation,
    typed_desk,
)
from device.contract.errors import Malformed

MARK = mark_of(b"a certificate")


@pytest.mark.requirement("K7")
def test_a_qr_code_is_read_as_it_was_written() -> None:
    """Of capitals and figures alone, which keeps the code small enough for a cheap camera."""
    there = Invitation(host="desk.care-home.example", claim="ABCDEFGH", port=443, mark=MARK)
    text = invitation_text(there)
    assert text == text.upper()
    assert len(text) < 80
    assert read_invitation(f" {text}\n") == there


@given(st.text(max_size=120))
def test_another_qr_code_is_refused(text: str) -> None:
    """Any text that is not an invitation raises ``Malformed``, and no other error."""
    for other in (text, f"KOTIRUUTU:1:{text}", f"KOTIRUUTU:1:ABCDEFGH:{MARK}:8443:{text}/"):
        with pytest.raises(Malformed):
            read_invitation(other)


def test_what_is_typed_is_taken_as_people_type_it() -> None:
    """Small letters, gaps and hyphens; an address with or without a port."""
    assert claim_letters("abcd-efgh") == claim_letters(" ABCD EFGH ") == "ABCDEFGH"
    assert typed_desk("Desk.Example") == ("desk.example", 8443)
    assert typed_desk("https://desk.example:443/") == ("desk.example", 443)
    for wrong in ("", "desk example", "desk:0x1", "desk:70000", "-desk", "desk/path"):
        with pytest.raises(Malformed):
            typed_desk(wrong)
