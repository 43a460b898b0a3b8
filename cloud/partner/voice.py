"""A call of an alarm centre to the resident whose alarm it has: admitted, placed, and followed to its end."""

import logging
import re
import socket
import threading
from uuid import uuid4

from django.db import close_old_connections, connection
from django.utils import timezone

from cloud.base.ice import ice_servers
from cloud.calls import answering_help
from cloud.calls.ending import end
from cloud.calls.models import Call
from cloud.devices.models import Device
from cloud.help.models import HelpRequest
from cloud.partner.models import AlarmCentre, AlarmMessage, OperatorStep, Registration
from cloud.partner.voice_bridge import Bridge
from cloud.people.models import Contact

log = logging.getLogger(__name__)

LOOK_S = 0.1
MOST_MESSAGES = 50
RINGING, OK, FORBIDDEN, NOT_FOUND = 180, 200, 403, 404
UNAVAILABLE, BUSY, ERROR, DECLINED = 480, 486, 500, 603
_NUMBER = re.compile(r"sips?:([0-9]{1,16})@")
_CODES = {"refused": DECLINED, "busy": BUSY, "help": BUSY}


class Refused(Exception):
    """The centre may not talk with the resident now; ``code`` is what SIP calls that."""

    def __init__(self, code: int, why: str) -> None:
        super().__init__(why)
        self.code = code


class Conversation(threading.Thread):
    """One call of a centre, in a thread of its own: neither the database nor the screen holds SIP up."""

    def __init__(self, called: str, source: str) -> None:
        super().__init__(name=f"voice {called}", daemon=True)
        self.bridge: Bridge | None = None
        self._called, self._source = called, source
        self._lock, self._codes = threading.Lock(), [RINGING]
        self._hung_up = threading.Event()

    def hang_up(self) -> None:
        """The centre's end is over."""
        self._hung_up.set()

    def codes(self) -> list[int]:
        """What SIP is to say now, each once: 180, 200, or why it is over."""
        with self._lock:
            codes, self._codes = self._codes, []
        return codes

    def run(self) -> None:
        """From the ring to the end."""
        try:
            close_old_connections()
            self._say(self._converse())
        except Refused as refused:
            log.warning("A call to %s was refused: %s", self._called, refused)
            self._say(refused.code)
        except Exception:
            log.exception("A call to %s has failed", self._called)
            self._say(ERROR)
        finally:
            connection.close()

    def _converse(self) -> int:
        centre, request = admitted(self._called, self._source)
        resident = request.resident
        if resident is None:
            raise Refused(NOT_FOUND, "the resident has gone")
        contact = _contact_of(centre)
        with Bridge(ice_servers(f"centre-{centre.pk}", timezone.now())) as bridge:
            self.bridge = bridge
            try:
                call = answering_help.place(contact, resident, str(uuid4()), bridge.offer())
            except Device.DoesNotExist:
                raise Refused(UNAVAILABLE, "the resident has no device") from None
            try:
                return self._follow(call, bridge, request, str(contact))
            finally:
                end(call.pk, "caller")

    def _follow(self, call: Call, bridge: Bridge, request: HelpRequest, who: str) -> int:
        is_accepted = is_talking = False
        while not self._hung_up.wait(LOOK_S):
            call = answering_help.keep(call)
            if call.state == Call.State.ENDED:
                return _CODES.get(call.why, UNAVAILABLE)
            if call.answer and not is_accepted:
                is_accepted = True
                bridge.accept(call.answer)
            if call.state == Call.State.CONNECTED and not is_talking:
                is_talking = True
                OperatorStep.objects.create(
                    request=request, kind=OperatorStep.Kind.CALLED, who=who, at=timezone.now()
                )
                self._say(OK)
        return UNAVAILABLE

    def _say(self, code: int) -> None:
        with self._lock:
            self._codes.append(code)


def admitted(called: str, source: str) -> tuple[AlarmCentre, HelpRequest]:
    """The centre that calls from this address, and the open alarm of this number that it has. ``Refused``."""
    number = _NUMBER.search(called)
    registration = Registration.objects.filter(number=number[1]).first() if number else None
    if registration is None:
        raise Refused(NOT_FOUND, "nobody has this number")
    received = list(
        AlarmMessage.objects.filter(
            request__resident=registration.resident_id,
            request__closed_at=None,
            state=AlarmMessage.State.RECEIVED,
        )
        .exclude(centre__voice="")
        .select_related("centre__partner__organisation", "request__resident__organisation")[:MOST_MESSAGES]
    )
    if not received:
        raise Refused(FORBIDDEN, "no open alarm of this resident has been received by a centre with voice")
    addresses = {centre: _addresses(centre) for centre in {each.centre for each in received}}
    for message in received:
        if message.request and source in addresses[message.centre]:
            return message.centre, message.request
    raise Refused(FORBIDDEN, f"{source} is none of the servers of the centres that have the alarm")


def _addresses(centre: AlarmCentre) -> set[str]:
    found: set[str] = set()
    for server in centre.servers:
        host = server.partition(":")[2].rpartition("@")[2].partition(";")[0].partition(":")[0]
        try:
            found |= {str(each[4][0]) for each in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)}
        except OSError:
            log.warning("The address of %s is not known now", host)
    return found


def _contact_of(centre: AlarmCentre) -> Contact:
    """Return the name under which the screen shows the centre."""
    if centre.contact is None:
        name = str(centre.partner)
        centre.contact = Contact.objects.create(
            organisation=centre.partner.organisation, first_name=name[:80], role=Contact.Role.PROFESSIONAL
        )
        centre.save(update_fields=["contact"])
    return centre.contact
