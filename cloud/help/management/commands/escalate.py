"""``python -m cloud escalate``: tells contacts and partner of help that nobody has answered."""

import signal
from threading import Event

from django.core.management.base import BaseCommand

from cloud.help.watch import Watch
from cloud.link import nudge


class Command(BaseCommand):
    help = "Tells the contacts, then the partner, of help that nobody has answered. Several may run."

    def handle(self, *_args: str, **_options: object) -> None:
        stopping = Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stopping.set())
        try:
            Watch().run(stopping)
        finally:
            nudge.close()
