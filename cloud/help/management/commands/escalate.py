"""``python -m cloud escalate``: tells of help that nobody has answered, ends calls that must not go on."""

import signal
from threading import Event, Thread

from django.core.management.base import BaseCommand

from cloud.calls.watch import CallWatch
from cloud.help.watch import Watch
from cloud.link import nudge


class Command(BaseCommand):
    help = "Tells of help that nobody has answered, and ends calls that must not go on. Several may run."

    def handle(self, *_args: str, **_options: object) -> None:
        stopping = Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stopping.set())
        # A thread of its own: neither holds the other up.
        calls = Thread(target=CallWatch().run, args=(stopping,), name="calls")
        calls.start()
        try:
            Watch().run(stopping)
        finally:
            stopping.set()
            calls.join()
            nudge.close()
