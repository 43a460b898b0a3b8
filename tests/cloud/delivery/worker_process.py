"""Workers of the text message gateway as processes; each that dies is replaced. It says their ids.

``python -m tests.cloud.delivery.worker_process '{"ENGINE": …}' <workers> <lease in seconds>``
"""

import json
import os
import signal
import sys
from datetime import timedelta


def main(database: str, workers: int, lease_s: float) -> None:
    import django
    from django.conf import settings

    settings.DATABASES["default"].update(json.loads(database))
    settings.PARTNER_MAY_BE_LOCAL = True
    django.setup()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    children: set[int] = set()
    try:
        while True:
            while len(children) < workers:
                child = os.fork()
                if child == 0:
                    work(lease_s)
                children.add(child)
                sys.stdout.write(f"{child}\n")
                sys.stdout.flush()
            children.discard(os.wait()[0])
    finally:
        for child in children:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)


def work(lease_s: float) -> None:
    """One worker, until it is killed."""
    from threading import Event

    from cloud.delivery.channels.sms_gateway import CHANNEL
    from cloud.delivery.worker import ChannelWorker

    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    ChannelWorker(CHANNEL, lease=timedelta(seconds=lease_s)).run(Event())
    os._exit(1)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]))
