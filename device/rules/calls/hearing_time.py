"""The time needed to announce a forced call and to refuse it (K5)."""

from device.rules.calls.times import CHIME_S

WORDS_PER_MINUTE = 110.0
# "Leena Järvinen. Because you have not answered. The call opens by itself.", without the caller's text.
WORDS_BESIDE_THE_REASON = 12
SHORT_REASON_WORDS = 6
TO_ANSWER_S = 4.0
# Maximum length of a reason.
LONGEST_REASON = 200
LONGEST_S = 40.0


def seconds_to_hear(reason_text: str) -> float:
    """Return the additional seconds; 0 for a short text: then the policy's seconds are enough."""
    written = len(reason_text[:LONGEST_REASON].split())
    if written <= SHORT_REASON_WORDS:
        return 0.0
    spoken_s = (WORDS_BESIDE_THE_REASON + written) * 60.0 / WORDS_PER_MINUTE
    return min(LONGEST_S, CHIME_S + spoken_s + TO_ANSWER_S)
