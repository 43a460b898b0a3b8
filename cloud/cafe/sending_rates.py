"""Judges whether somebody sends far more video than was agreed. Pure.

A browser follows the SFU's bit rate by its own choice; who ignores it would fill every viewer's line.
"""

from dataclasses import dataclass

AGREED_BITRATE = 500_000
# Key frames and a short burst are within it.
MOST_BITRATE = 2 * AGREED_BITRATE
# Looks in a row: one at a bad moment is no reason, and who was hidden must have kept to it for a while.
LOOKS_OVER = 2
LOOKS_WITHIN = 4


@dataclass(frozen=True)
class SendingRate:
    """Octets received from one participant at the last look, and how many looks spoke against the verdict."""

    octets: int = 0
    at_s: float | None = None
    against: int = 0
    is_excessive: bool = False

    def after(self, octets: int, now_s: float) -> "SendingRate":
        """Return the rate after a look at the SFU's counter; the first look judges nothing."""
        if self.at_s is None or now_s <= self.at_s or octets < self.octets:
            return SendingRate(octets, now_s, self.against, self.is_excessive)
        is_over = 8 * (octets - self.octets) / (now_s - self.at_s) > MOST_BITRATE
        if is_over == self.is_excessive:
            return SendingRate(octets, now_s, 0, self.is_excessive)
        needed = LOOKS_OVER if is_over else LOOKS_WITHIN
        if self.against + 1 < needed:
            return SendingRate(octets, now_s, self.against + 1, self.is_excessive)
        return SendingRate(octets, now_s, 0, is_over)
