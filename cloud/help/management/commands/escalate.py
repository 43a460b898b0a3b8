"""``python -m cloud escalate``: all that the desk does by the clock."""

import signal
from threading import Event, Thread

from django.core.management.base import BaseCommand

from cloud.calendar.watch import CalendarWatch
from cloud.calls.watch import CallWatch
from cloud.help.watch import Watch
from cloud.notify import nudge


class Command(BaseCommand):
    help = "Tells of help that nobody has answered, and ends calls that must not go on. Several may run."

    def handle(self, *_args: str, **_options: object) -> None:
        stopping = Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stopping.set())
        # Threads of their own: none holds the others up.
        others = [
            Thread(target=CallWatch().run, args=(stopping,), name="calls"),
            Thread(target=CalendarWatch().run, args=(stopping,), name="calendars"),
        ]
        for other in others:
            other.start()
        try:
            Watch().run(stopping)
        finally:
            stopping.set()
            for other in others:
                other.join()
            nudge.close()
