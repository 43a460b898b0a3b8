"""Sound between the alarm centre's call and the tablet, without a network."""

import pytest

from cloud.partner.voice_bridge import LONGEST_BYTES, Pipe


@pytest.mark.requirement("S1")
def test_sound_never_lags_behind() -> None:
    """What nobody takes in time is dropped, the oldest first; without any there is silence."""
    pipe = Pipe()
    assert set(pipe.take()) == {0}
    pipe.put(b"\1" * LONGEST_BYTES)
    pipe.put(b"\2" * (LONGEST_BYTES - 2))
    assert pipe.take().startswith(b"\1\1\2")
