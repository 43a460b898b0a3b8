"""Only what a device could answer goes to a device."""

import pytest

from cloud.calls import sdp
from cloud.calls.errors import NotADescription
from tests.cloud.calls.callers import OFFER


def test_a_description_passes_unchanged() -> None:
    """With either end of line."""
    assert sdp.checked(OFFER) == OFFER
    assert sdp.checked(OFFER.replace("\r\n", "\n"))


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        None,
        7,
        "hello",
        OFFER.replace("v=0", "v=1"),
        OFFER.replace("m=audio", "m=video"),
        OFFER.replace("a=ice-pwd", "a=no"),
        OFFER.replace("a=fingerprint:sha-256", "a=fingerprint:sha-1"),
        OFFER + "a=\0\r\n",
        OFFER + "not a line\r\n",
        OFFER + "a=" + "x" * 5000 + "\r\n",
        OFFER + "m=video 9 UDP 96\r\n" * 9,
        OFFER + "a=padding\r\n" * 60_000,
        OFFER + "a=\u00e4\r\n",
    ],
)
def test_anything_else_is_refused(wrong: object) -> None:
    """Nonsense, the wrong kind, too long, too many."""
    with pytest.raises(NotADescription):
        sdp.checked(wrong)
