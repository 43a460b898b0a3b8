"""``python -m cloud escalate``: runs all scheduled background work."""

import asyncio
import signal
from threading import Event, Thread

from django.core.management.base import BaseCommand, CommandError

from cloud.base import due_work
from cloud.notify import live_updates


class Command(BaseCommand):
    help = "Tells of help that nobody has answered, and ends calls that must not go on. Several may run."

    def handle(self, *_args: str, **_options: object) -> None:
        stopping = Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stopping.set())
        waking = Thread(target=lambda: asyncio.run(_wake()), name="wake", daemon=True)
        waking.start()
        try:
            if not due_work.run(stopping):
                raise CommandError("a loop has ended; the log says why")
        finally:
            live_updates.close()


async def _wake() -> None:
    async for name in live_updates.subscribe_work():
        due_work.wake(name)
