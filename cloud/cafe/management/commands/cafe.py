"""``python -m cloud cafe``: the café process, the SFUs' only client."""

import asyncio
import logging
import signal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from cloud.cafe.janus import Janus
from cloud.cafe.keeper import Keeper
from cloud.notify import live_updates

log = logging.getLogger(__name__)


class Command(BaseCommand):
    """Runs until SIGTERM or SIGINT."""

    help = "Keeps the café's tables; without an engine the café says that it cannot be reached."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Run the process; systemd, the demo and the tests start it."""
        asyncio.run(_keep([Path(each) for each in settings.CAFE_ENGINE_SOCKETS]))


async def _keep(sockets: list[Path]) -> None:
    keeping = asyncio.ensure_future(Keeper(*map(Janus, sockets)).run())
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, keeping.cancel)
    try:
        await keeping
    except asyncio.CancelledError:
        log.info("The café's process ends")
    finally:
        live_updates.close()
