"""A finger on the emulated display, which touches again where nothing comes of it, as people do."""

import time
from collections.abc import Callable

from kiosk_ui.boxes import Box
from tests.vm.machine import Machine
from tests.vm.waiting import PATIENCE_S, NotSeen, wait

# A button that is touched looks otherwise for a moment, which is no other page.
SETTLED_S = 2.0


def middle_of(box: Box) -> tuple[int, int]:
    return box.x + box.width // 2, box.y + box.height // 2


def tap_until(
    machine: Machine,
    place: tuple[int, int],
    is_so: Callable[[], bool],
    what: str,
    *,
    again_s: float = 30.0,
    patience_s: float = PATIENCE_S,
) -> None:
    """Tap, each ``again_s`` once more, until it is so. Raises ``NotSeen``."""

    def is_so_after_a_tap() -> bool:
        machine.tap(*place)
        try:
            wait(is_so, what, again_s)
        except NotSeen:
            return False
        return True

    wait(is_so_after_a_tap, what, patience_s)


def stays_so(is_so: Callable[[], bool]) -> bool:
    """Whether it is so, and still is a moment later."""
    if not is_so():
        return False
    time.sleep(SETTLED_S)
    return is_so()
