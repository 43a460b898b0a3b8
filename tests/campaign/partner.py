"""The street's monitoring partner: an alarm centre of two servers, and the desk's SIP process."""

import threading
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import datetime
from typing import Self

from provisioning.demo.desk import Desk
from provisioning.demo.managed_process import ManagedProcess
from provisioning.demo.place import Place
from tests.partner.sip_peer import BUSY, Centre, centre

_SET = """
from cloud.help.models import Partner
from cloud.organisations.models import Organisation
from cloud.partner.models import AlarmCentre
organisation = Organisation.objects.get(name="Lehmuskoto")
defaults = {{"name": "Turva", "after_s": 0, "again_min": 1, "webhook_url": "", "email": ""}}
partner = Partner.objects.update_or_create(organisation=organisation, defaults=defaults)[0]
servers = {{"server": "{first}", "second_server": "{second}", "controller": "100", "heartbeat_min": 1440}}
AlarmCentre.objects.update_or_create(partner=partner, defaults=servers)
"""


def alarms_process(place: Place) -> ManagedProcess:
    """Return the desk's SIP process, not started yet."""
    command = place.python("cloud", "alarms", "--host", "127.0.0.1", "--port", "0")
    return ManagedProcess("the alarms", command, log=place.log("alarms"), environment=place.environment)


def set_centre(desk: Desk, first: str, second: str) -> None:
    """Let the partner of the street answer every alarm, at these two addresses."""
    desk.run("shell", "-v", "0", "-c", _SET.format(first=first, second=second))


class StreetPartner:
    """Answers every alarm of the street from the first moment. A context manager."""

    def __init__(self, desk: Desk, place: Place) -> None:
        self.alarms = alarms_process(place)
        self._desk = desk
        self._stack = ExitStack()
        self._centres: list[Centre] = []

    def __enter__(self) -> Self:
        self._centres = [self._stack.enter_context(centre(way)) for way in ("udp", "tcp")]
        set_centre(self._desk, *(each.address for each in self._centres))
        self.alarms.start()
        self._stack.callback(self.alarms.stop)
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def fall_silent(self, which: Sequence[int], ending: threading.Event, seconds: float) -> None:
        """The servers of these numbers hear nothing for so long, or until the end."""
        for number in which:
            self._centres[number].silent = True
        ending.wait(seconds)
        for number in which:
            self._centres[number].silent = False

    def be_busy(self, alarms: int) -> None:
        """The first server refuses the next alarms."""
        self._centres[0].answers += [BUSY] * alarms

    def confirmed_at(self, request: int) -> datetime | None:
        """When the centre itself first confirmed the alarm of this request."""
        refs = {ref for (ref,) in self._desk.rows("partner.AlarmMessage", "ref", request=request)}
        return min(
            (each.confirmed_at[ref] for each in self._centres for ref in refs & each.confirmed_at.keys()),
            default=None,
        )

    def falsely_confirmed(self) -> int:
        """How many alarms the desk takes for confirmed that the centre has not confirmed."""
        confirmed = {ref for each in self._centres for ref in each.confirmed_at}
        received = {ref for (ref,) in self._desk.rows("partner.AlarmMessage", "ref", state="received")}
        return len(received - confirmed)
