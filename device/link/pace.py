"""How long to wait before the next try: the first is quick, the others are spread over a whole fleet."""

QUICK_S = (0.2, 1.0)
# All tablets of a broker that is back after a moment are there within this, some at any time of it.
SPREAD_S = 20.0
LAST_S = 60.0
_EARLY_TRIES = 3


def wait_s(failures: int, chance: float) -> float:
    """After so many tries in a row without a connection; ``chance`` is anything from 0 to 1."""
    if failures == 0:
        shortest, longest = QUICK_S
    else:
        shortest = QUICK_S[1]
        longest = min(LAST_S, SPREAD_S * 2 ** min(10, max(0, failures - _EARLY_TRIES)))
    return shortest + chance * (longest - shortest)
