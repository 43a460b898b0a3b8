"""How long to wait before the next try: the first is quick, the others are spread over a whole fleet."""

QUICK_S = (0.2, 1.0)
# All tablets of a broker that is back after a moment are there within this, some at any time of it.
SPREAD_S = 20.0
# One who knows another broker is there within ten seconds of losing the first.
LEAVE_S = 8.0
LAST_S = 30.0
_EARLY_TRIES = 3


def wait_s(failures: int, chance: float, brokers: int = 1) -> float:
    """After so many tries in a row, at one of so many brokers after the other; ``chance`` is from 0 to 1."""
    if failures == 0:
        shortest, longest = QUICK_S
    elif failures < brokers:
        shortest, longest = QUICK_S[1], LEAVE_S
    else:
        shortest = QUICK_S[1]
        longest = min(LAST_S, SPREAD_S * 2 ** min(10, max(0, failures - _EARLY_TRIES)))
    return shortest + chance * (longest - shortest)
