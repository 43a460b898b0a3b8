"""Delays between connection attempts: the first is short, the others are spread over the fleet."""

QUICK_S = (0.2, 1.0)
# After a short outage of a broker all tablets reconnect within this time, spread evenly: within 20 s with the
# connections themselves and the work of the desk.
SPREAD_S = 17.0
# A device with another broker reconnects within ten seconds of losing the first.
LEAVE_S = 8.0
LAST_S = 30.0
_EARLY_TRIES = 3


def wait_s(failures: int, chance: float, brokers: int = 1) -> float:
    """Return the delay after this many failures in a row over this many brokers; ``chance`` is 0 to 1."""
    if failures == 0:
        shortest, longest = QUICK_S
    elif failures < brokers:
        shortest, longest = QUICK_S[1], LEAVE_S
    else:
        shortest = QUICK_S[1]
        longest = min(LAST_S, SPREAD_S * 2 ** min(10, max(0, failures - _EARLY_TRIES)))
    return shortest + chance * (longest - shortest)
