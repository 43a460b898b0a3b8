"""Sends a press to the desk over HTTPS from its own thread, while the core's loop does not respond."""

import asyncio
from datetime import UTC, datetime

from device.contract import topics
from device.contract.events import HelpRaised, WireEvent
from device.contract.wire import seal
from device.core import Core
from device.press_journal import Entry
from device.settings import Identity
from device.store.database import Store


class PressRescue:
    """Sends a request with the id that the core will use, so that the desk stores only one."""

    def __init__(self, identity: Identity, core: Core, store: Store, boot: int) -> None:
        self._identity = identity
        self._core = core
        self._store = store
        self._boot = boot

    def __call__(self, entry: Entry) -> None:
        """Send it. Raises ``OSError`` and ``ValueError`` where the desk cannot be reached."""
        # Not needed for a start, and takes a small computer a second to import.
        from device.link.https import DeskOverHttps

        now = self._core.now()
        event = WireEvent(
            sequence=self._store.last_sequence + 1,
            boot_id=str(self._boot),
            monotonic_s=now.monotonic_s,
            happened_at=datetime.fromtimestamp(entry.at, UTC),
            clock_trusted=now.trusted,
            what=HelpRaised(help_id=entry.id, source=entry.source),
        )
        payload = seal(event, topics.EVENT.type, sent_at=now.wall, id_=entry.id)
        desk = DeskOverHttps(self._identity, lambda: self._core.now().wall)
        asyncio.run(desk.hand_over([payload]))
