"""The real core, whose code never returns from a calendar with the word HANG."""

import sys
from typing import Any, cast

from device import composer, main
from device.rules.state import State

# The seam of this story alone: what the code of a day to come may do.
_composer = cast(Any, composer)
_compose = _composer.compose


def _hangs(state: State) -> bool:
    calendar = state.documents.calendar
    return calendar is not None and any("HANG" in each.title for each in calendar.occurrences)


def _compose_or_hang(state, now, photo_of):  # type: ignore[no-untyped-def]
    while _hangs(state):
        pass
    return _compose(state, now, photo_of)


if __name__ == "__main__":
    _composer.compose = _compose_or_hang
    sys.exit(main.main())
