"""Workers are killed at random while they hand over: the gateway has each message once, and all of them."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from cloud.delivery import outbox
from cloud.delivery.models import Delivery
from cloud.delivery.outbox import Address, Letter
from tests.cloud.delivery.sms_server import SmsServer
from tests.cloud.homes import Home

pytestmark = pytest.mark.postgresql

MESSAGES = 100
MOST_S = 60.0


@contextmanager
def workers(count: int, lease_s: float) -> Iterator[Callable[[], list[int]]]:
    """So many processes; what is yielded says the ids of all that were started so far."""
    database = json.dumps({"NAME": str(connection.settings_dict["NAME"])})
    command = [
        sys.executable,
        "-m",
        "tests.cloud.delivery.worker_process",
        database,
        str(count),
        str(lease_s),
    ]
    environment = {**os.environ, "KOTIRUUTU_PARTNER_AUTHORITY": str(settings.PARTNER_AUTHORITY)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as running:
        output = running.stdout
        assert output
        os.set_blocking(output.fileno(), False)
        said = bytearray()

        def ids() -> list[int]:
            said.extend(output.read() or b"")
            return [int(line) for line in said.split()]

        try:
            yield ids
        finally:
            running.terminate()


@pytest.mark.django_db(transaction=True)
def test_each_message_is_sent_once_while_workers_are_killed(home: Home, gateway: SmsServer) -> None:
    """By kill -9, in the middle of whatever they do; the gateway's own count is what counts."""
    gateway.slow_s = 0.01
    for number in range(MESSAGES):
        to = Address("phone", f"+35840{number:07}")
        outbox.put(home.organisation, Letter(f"k{number}", "test", "Leena", "", "Hei", [to]))
    ours = Delivery.objects.filter(key__startswith="k")
    open_rows = ours.exclude(state="sent")
    chance, killed, ends_at = random.Random(7), 0, time.monotonic() + MOST_S
    with workers(2, lease_s=1.0) as ids:
        while open_rows.exists():
            assert time.monotonic() < ends_at, f"{open_rows.count()} are left after {killed} were killed"
            alive = ids()[-2:]
            if alive and len(gateway.taken) < MESSAGES:
                # Not one that has just been started: nobody would get anything done.
                progress = len(gateway.taken) + chance.randrange(3, 12)
                while len(gateway.taken) < min(progress, MESSAGES) and time.monotonic() < ends_at:
                    time.sleep(0.01)
                with suppress(ProcessLookupError):
                    os.kill(chance.choice(alive), signal.SIGKILL)
                    killed += 1
            else:
                time.sleep(0.05)
    assert killed >= 5
    assert len(gateway.taken) == MESSAGES
    assert len({each["to"] for each in gateway.taken.values()}) == MESSAGES
    assert set(gateway.taken) == set(gateway.asked) == {str(row.pk) for row in ours}
    assert {row.reference for row in ours} == {f"g-{each}" for each in gateway.taken}
    assert ours.filter(sent_at__lte=timezone.now()).count() == MESSAGES
