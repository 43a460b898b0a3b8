"""How much generated input is tried: in the tests what they have time for, by ``make fuzz`` more."""

import os

SEED = os.environ.get("FUZZ_SEED", "1")
_TIMES = int(os.environ.get("FUZZ_TIMES", "1"))


def examples(in_tests: int) -> int:
    """Return how many inputs to try where the tests try ``in_tests``."""
    return in_tests * _TIMES
