"""How long it takes to hear who calls and why, spoken once and whole, and to say "not now" (K5)."""

from device.rules.calls.times import CHIME_S

WORDS_PER_MINUTE = 110.0
# "Leena Järvinen. Because you have not answered. The call opens by itself.", without what the caller wrote.
WORDS_BESIDE_THE_REASON = 12
SHORT_REASON_WORDS = 6
TO_ANSWER_S = 4.0
# No reason is shown longer than so many characters.
LONGEST_REASON = 200
LONGEST_S = 40.0


def seconds_to_hear(reason_text: str) -> float:
    """Nothing where the caller wrote little: then the seconds of the policy are enough."""
    written = len(reason_text[:LONGEST_REASON].split())
    if written <= SHORT_REASON_WORDS:
        return 0.0
    spoken_s = (WORDS_BESIDE_THE_REASON + written) * 60.0 / WORDS_PER_MINUTE
    return min(LONGEST_S, CHIME_S + spoken_s + TO_ANSWER_S)
