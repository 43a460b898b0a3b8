"""``python -m cloud link``: the worker between the broker and the database."""

import logging
import signal

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from cloud.link.errors import LinkError
from cloud.link.worker import Worker
from cloud.notify import live_updates


class Command(BaseCommand):
    help = "Takes in what devices send and sends what the desk has for them."

    def handle(self, *_args: str, verbosity: int, **_options: object) -> None:
        logging.getLogger("cloud.link").setLevel(logging.DEBUG if verbosity > 1 else logging.INFO)
        if not settings.BROKER_DESK_PORT:
            raise CommandError("KOTIRUUTU_BROKER_DESK_PORT does not say where the broker is")
        try:
            worker = Worker()
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, lambda *_: worker.stop())
            worker.run()
        except (LinkError, OSError) as error:
            raise CommandError(str(error)) from None
        finally:
            live_updates.close()
