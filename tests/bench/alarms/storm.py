"""Many alarms at the desk while its parts are killed: each is confirmed in the end, and none falsely."""

import random
import signal
import sys
import textwrap
import threading
import time
from collections import Counter
from collections.abc import Sequence
from typing import Any

from provisioning.demo.managed_process import ManagedProcess
from tests.campaign.street import Street
from tests.partner.sip_peer import Centre

# A part needs some seconds to start again, and is to be killed at work, not only while it starts.
KILLS_EACH_S = 20.0
# After a kill a step counts as lost after 30 s, and is tried again after 5, 15 and 45 s.
AFTERMATH_S = 240.0
# So much of the centre's answers is silence, and so much "busy".
SILENT, BUSY = 0.05, 0.05
# Each alarm is closed once the centre has confirmed it, as by somebody at the desk.
MAKE = """
import sys, time
from django.utils import timezone
from cloud.devices.models import Device
from cloud.help.models import HelpRequest
device = Device.objects.get(pk=DEVICE)
for number in range(COUNT):
    began = time.monotonic()
    HelpRequest.objects.create(
        help_id=f"storm-{number}", organisation=device.organisation, device=device, resident=device.resident,
        source="button", raised_at=timezone.now(),
    )
    done = HelpRequest.objects.filter(help_id__startswith="storm-", closed_at=None, steps__way="scaip",
        steps__outcome="delivered")
    for request in done:
        request.taken_at = request.closed_at = timezone.now()
        request.save()
    time.sleep(max(0, 1 / RATE - (time.monotonic() - began)))
"""


class Storm:
    """Kills pages, escalation and the SIP process again and again; ``kills`` counts them."""

    def __init__(self, street: Street, alarms: ManagedProcess, centres: Sequence[Centre], seed: int) -> None:
        self.kills: Counter[str] = Counter()
        self._street, self._centres = street, centres
        self._parts = {"alarms": alarms, "escalation": street.desk.escalation, "pages": street.desk.pages}
        self._chance = random.Random(seed)
        self._stopping = threading.Event()

    def run(self, count: int, rate: float) -> dict[str, Any]:
        """The figures: the share that was confirmed, how many never reached the centre, how many falsely."""
        if not count:
            return {}
        self._centres[0].answers = _Moods(self._chance)
        killer = threading.Thread(target=self._kill, daemon=True)
        killer.start()
        code = textwrap.dedent(MAKE).replace("COUNT", str(count)).replace("RATE", str(rate))
        device = repr(self._street.tablets[0].device)
        self._street.desk.run("shell", "-v", "0", "-c", code.replace("DEVICE", device))
        self._stopping.set()
        killer.join()
        began_s = time.monotonic()
        while self._unconfirmed() and time.monotonic() - began_s < AFTERMATH_S:
            sys.stderr.write(f"{self._unconfirmed()} are not confirmed yet\n")
            time.sleep(5)
        return self._figures(count)

    def _unconfirmed(self) -> int:
        desk = self._street.desk
        made = desk.rows("help.HelpRequest", "pk", help_id__startswith="storm-")
        delivered = {"way": "scaip", "outcome": "delivered", "request__help_id__startswith": "storm-"}
        confirmed = {request for (request,) in desk.rows("help.HelpStep", "request", **delivered)}
        return len(made) - len(confirmed)

    def _figures(self, count: int) -> dict[str, Any]:
        unconfirmed = self._unconfirmed()
        fields = ("request__help_id", "ref", "state")
        storms = {"request__help_id__startswith": "storm-"}
        rows = self._street.desk.rows("partner.AlarmMessage", *fields, **storms)
        confirmed_there = {ref for centre in self._centres for ref in centre.confirmed}
        falsely = sum(state == "received" and ref not in confirmed_there for _id, ref, state in rows)
        reached = {help_id for help_id, ref, _state in rows if ref in confirmed_there}
        found = {
            "acknowledged": (1 - unconfirmed / count, 1.0),
            "lost": (count - len(reached), 0),
            "falsely_confirmed": (falsely, 0),
        }
        return {
            name: {"ours": ours, "theirs": None, "ratio": None, "unit": "", "target": target}
            for name, (ours, target) in found.items()
        }

    def _kill(self) -> None:
        while not self._stopping.wait(self._chance.expovariate(1 / KILLS_EACH_S)):
            name = self._chance.choice(sorted(self._parts))
            self._parts[name].send(signal.SIGKILL)
            self.kills[name] += 1


class _Moods(list[object]):
    """The answers of a centre that is silent or busy now and then; never used up."""

    def __init__(self, chance: random.Random) -> None:
        super().__init__([0])
        self._chance = chance

    def pop(self, _place: Any = -1) -> object:
        luck = self._chance.random()
        return None if luck < SILENT else 6 if luck < SILENT + BUSY else 0
