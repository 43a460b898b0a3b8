"""Whoever watches a part: told of each event, unable to stop the part's thread."""

import logging
from collections.abc import Callable
from typing import Generic, TypeVar

_log = logging.getLogger(__name__)

E_contra = TypeVar("E_contra", contravariant=True)


class Audience(Generic[E_contra]):
    """One watcher at a time; the last who came counts. Events before the first watcher are lost."""

    def __init__(self) -> None:
        self._heard: Callable[[E_contra], None] | None = None

    def watch(self, heard: Callable[[E_contra], None]) -> None:
        """From now on tell ``heard``."""
        self._heard = heard

    def leave(self) -> None:
        """Tell nobody."""
        self._heard = None

    def tell(self, event: E_contra) -> None:
        """A watcher that raises is logged."""
        heard = self._heard
        if heard is None:
            return
        try:
            heard(event)
        except Exception:  # noqa: BLE001 - the next press must still be heard
            _log.exception("whoever watches the hardware stumbled over %s", event)
