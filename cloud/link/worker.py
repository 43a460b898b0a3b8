"""The link worker: between the broker and the database, for some of the partitions.

One thread owns the database and everything that is sent; the network thread only fills its queue.
"""

import logging
import threading
import time
import uuid
from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta

from django.db import connection, transaction

from cloud.devices.models import Device
from cloud.devices.rejected import reject
from cloud.link.errors import LinkError, TakenOver
from cloud.link.fair_queue import FairQueue, Job
from cloud.link.floods import Floods
from cloud.link.intake import CameOnline, Effect, NoDatabase, Receipt, device_name, take_in
from cloud.link.outgoing import Outgoing, silence
from cloud.notify import board
from cloud.notify.doors import link_door
from cloud.notify.session import Arrived, Session
from device.contract import topics

log = logging.getLogger(__name__)

# Retained: the newest worker of each share of the partitions.
WORKER = "desk/link"
POLL_S = 5.0
MOST_AT_ONCE = 100
DATABASE_WAIT_S = 1.0
# Two heartbeats and a half.
LONGEST_SILENCE = timedelta(seconds=150)


class Worker:
    """Takes in what devices send, and sends what the desk has for them, until it is stopped."""

    def __init__(self, partitions: str) -> None:
        self._partitions = partitions
        self._queue = FairQueue()
        self._session = Session(link_door(f"desk-link-{partitions}"), self)
        self._outgoing = Outgoing(self._session, partitions)
        self._floods = Floods()
        self._name = uuid.uuid4().bytes
        self._has_announced = False
        self._stopping = threading.Event()
        self._polled = 0.0
        self._connected_at = 0.0
        self._failure: LinkError | None = None

    def run(self) -> None:
        """Works until ``stop``; raises ``LinkError`` where going on makes no sense."""
        self._session.open()
        try:
            while not self._stopping.is_set():
                self._work()
        finally:
            self._session.close()
            connection.close()
        if self._failure:
            raise self._failure

    @property
    def is_connected(self) -> bool:
        """Whether the broker has accepted this worker."""
        return self._session.is_connected

    @property
    def is_stopping(self) -> bool:
        """Whether it will take no more work."""
        return self._stopping.is_set()

    def stop(self) -> None:
        """Ends ``run``; may be called from any thread, and from a signal handler."""
        self._stopping.set()
        self._queue.put_job(lambda: None)

    def connected(self) -> None:
        """Listens to the partitions, and looks for what is due."""
        care = [f"{topics.ROOT}/{each}/+/up/#" for each in self._partitions]
        wakes = [f"{board.WAKE}/{each}" for each in self._partitions]
        place = f"{WORKER}/{self._partitions}"
        if not self._has_announced:
            self._has_announced = True
            self._session.publish(place, self._name, qos=1, retain=True)
        # Not kept for us: a name from before our time would say that we are the older one.
        self._session.subscribe([place], qos=0)
        self._session.subscribe([*care, *wakes], qos=1)
        self._queue.put_job(self._start_over)

    def arrived(self, message: Arrived) -> None:
        """Puts a message in the queue. Pictures go straight to those who look, not through here."""
        if message.topic.endswith(topics.LOOK.suffix):
            return
        if message.topic.startswith(board.WAKE):
            device = message.payload.decode(errors="replace")
            self._queue.put_job(lambda: self._outgoing.publish_due(device))
            self._session.acknowledge(message)
            return
        if message.topic.startswith(WORKER):
            self._leave_to(message.payload)
            return
        device = device_name(message.topic)
        if not self._queue.put(device, message):
            # It comes again, as everything that was not receipted does; the broker must not hold it for us.
            self._session.acknowledge(message)

    def sent(self, mid: int, refusal: str) -> None:
        """The broker's answer to something sent."""
        self._queue.put_job(lambda: self._outgoing.sent(mid, refusal))

    def disconnected(self, _reason: str) -> None:
        """The session comes back by itself."""
        self._queue.put_job(self._outgoing.forget_asked)

    def _leave_to(self, name: bytes) -> None:
        """Two workers for one place would throw each other out for ever: the older one leaves."""
        if name != self._name:
            self._failure = TakenOver(f"another worker serves the partitions {self._partitions}")
            self.stop()

    def _start_over(self) -> None:
        self._connected_at = time.monotonic()
        log.info("This worker serves the partitions %s", self._partitions)
        self._outgoing.forget_asked()
        self._outgoing.publish_due()

    def _work(self) -> None:
        messages, jobs = self._queue.collect(self._outgoing.seconds_until_due(POLL_S), MOST_AT_ONCE)
        if messages:
            self._take_in(messages)
        for job in jobs:
            self._with_database(job)
        if time.monotonic() - self._polled >= self._outgoing.seconds_until_due(POLL_S):
            self._with_database(self._poll)
        if not self._session.is_alive and not self._stopping.is_set():
            raise LinkError("the connection to the broker has died")

    def _poll(self) -> None:
        self._polled = time.monotonic()
        self._floods.note(self._queue.take_dropped())
        self._outgoing.expire_commands()
        self._outgoing.publish_due()
        heard_all = time.monotonic() - self._connected_at > LONGEST_SILENCE.total_seconds()
        if self._session.is_connected and heard_all:
            silence(self._partitions, LONGEST_SILENCE)

    def _take_in(self, messages: list[Arrived]) -> None:
        log.debug("Taking in %d messages", len(messages))
        effects: list[Effect] = []
        if not self._with_database(lambda: effects.extend(_commit(messages))):
            return
        for message in messages:
            self._session.acknowledge(message)
        receipts: dict[str, list[str]] = defaultdict(list)
        for effect in effects:
            match effect:
                case Receipt(device, id_):
                    receipts[device].append(id_)
                case CameOnline(device):
                    self._with_database(lambda back=device: self._welcome(back))  # type: ignore[misc]
        for device, ids in receipts.items():
            self._outgoing.publish_receipts(device, dict.fromkeys(ids))

    def _welcome(self, device: str) -> None:
        self._outgoing.hurry(device)
        self._outgoing.publish_due(device)

    def _with_database(self, job: Job) -> bool:
        """Does it, and again while there is no database; whether it was done before ``stop``."""
        while True:
            try:
                job()
            except NoDatabase as error:
                log.error("The database does not answer: %s", error)  # noqa: TRY400
                connection.close()
            except Exception:
                log.exception("Something could not be done; the link goes on")
                return True
            else:
                return True
            if self._stopping.wait(DATABASE_WAIT_S):
                return False


def _commit(messages: list[Arrived]) -> list[Effect]:
    """Takes all in at once, or one by one where that fails; what cannot be kept is noted and dropped."""
    try:
        return _commit_together(messages)
    except NoDatabase:
        raise
    except Exception:
        log.exception("%d messages could not be committed together", len(messages))
    effects: list[Effect] = []
    for message in messages:
        try:
            effects += _commit_together([message])
        except NoDatabase:
            raise
        except Exception:
            log.exception("A message on %s could not be committed", message.topic)
            _note_lost(message)
    return effects


def _commit_together(messages: Iterable[Arrived]) -> list[Effect]:
    with transaction.atomic():
        effects = [
            take_in(message.topic, message.payload, is_retained=message.retained) for message in messages
        ]
    return [effect for effect in effects if effect]


def _note_lost(message: Arrived) -> None:
    parsed = topics.parse(message.topic)
    device = Device.objects.filter(pk=parsed[0]).first() if parsed else None
    try:
        if device and parsed:
            reject(device, parsed[1].suffix, "the desk could not take this in")
    except NoDatabase:
        raise
    except Exception:
        log.exception("Not even a note of it could be kept")
