"""What is done for somebody whose phone is being rung, at every moment and in every order."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from cloud.push.steps import GIVE_UP_AFTER, WRITE_AFTER, Attempt, next_step

ATTEMPTS = st.builds(
    Attempt,
    since=st.timedeltas(timedelta(0), timedelta(seconds=60)),
    phones=st.sampled_from(["none", "trying", "failed"]),
    mail=st.sampled_from(["off", "possible", "trying", "failed"]),
)


@given(ATTEMPTS)
def test_nobody_waits_for_nothing(attempt: Attempt) -> None:
    """It goes on only while something can still come of it; an e-mail is tried before it is given up."""
    step = next_step(attempt)
    is_alive = attempt.mail == "trying" or (attempt.phones == "trying" and attempt.since < GIVE_UP_AFTER)
    if step == "wait":
        assert is_alive
    if step == "give-up":
        assert not is_alive
        assert attempt.mail in {"off", "failed"}
    if step == "write":
        assert attempt.mail == "possible"
        assert attempt.phones != "trying" or attempt.since >= WRITE_AFTER
