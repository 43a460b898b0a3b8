"""How soon an event that a host ends early is gone from every screen that rings for it, at a real desk."""

import textwrap
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from device.contract import topics
from tests.bench.queue.street import tablet_of
from tests.campaign.street import Street
from tests.link.tablet import Tablet
from tests.link.waiting import eventually

_PLAN = """
from datetime import timedelta
from django.utils import timezone
from cloud.cafe import keeping
from cloud.cafe.models import Meeting
from cloud.organisations.models import Organisation
now = timezone.now()
home = Organisation.objects.get(name="Lehmuskoto")
event = Meeting.objects.create(
    organisation=home, title="Bench", starts_at=now, ends_at=now + timedelta(hours=1), everybody=True)
keeping.refresh_screens({event.room})
"""
# As the page's "End for everybody" does.
_END = """
import time
from cloud.cafe import keeping
from cloud.cafe.models import Meeting
event = Meeting.objects.get(ended_at=None)
print(time.time())
keeping.refresh_screens(keeping.end(event, "ended_for_all") | {event.room})
"""
CAFE = topics.DESIRED["cafe"]


def ends_reach(folder: Path, tablets: int, times: int) -> list[float]:
    """Seconds from the end at the desk to each tablet's document without the event."""
    found: list[float] = []
    with Street(folder.resolve(), tablets) as street, ThreadPoolExecutor(tablets) as pool:
        ringing = [tablet_of(street, number) for number in range(tablets)]
        for each in ringing:
            # The desk sends to those that are online.
            each.appear()
        for _ in range(times):
            street.desk.run("shell", "-v", "0", "-c", textwrap.dedent(_PLAN))
            eventually(lambda: all(b"Bench" in _newest(each) for each in ringing), "all ring", 60)
            watching = [pool.submit(_gone_at_s, each) for each in ringing]
            began_s = float(street.desk.run("shell", "-v", "0", "-c", textwrap.dedent(_END)))
            found += [each.result() - began_s for each in watching]
        for each in ringing:
            each.leave()
    return found


def _gone_at_s(tablet: Tablet) -> float:
    until_s = time.time() + 60
    while b"Bench" in _newest(tablet) and time.time() < until_s:
        time.sleep(0.01)
    return time.time()


def _newest(tablet: Tablet) -> bytes:
    envelopes = tablet.envelopes(CAFE)
    return bytes(envelopes[-1].body) if envelopes else b""
