"""One broker session with a thread of its own, independent of the other lanes."""

import logging
import threading
import uuid
from collections.abc import Sequence

from django.db import connection

from cloud.link.fair_queue import FairQueue, Job
from cloud.link.ingest import NoDatabase, device_name
from cloud.notify.broker_settings import link_settings
from cloud.notify.cells import Broker
from cloud.notify.session import Arrived, Session
from device.contract import topics
from device.contract.topics import Channel

log = logging.getLogger(__name__)

MOST_AT_ONCE = 100
DATABASE_WAIT_S = 1.0


class Lane:
    """Subscribes to some channels of the worker's partitions.

    The broker stores nothing for it: devices repeat what is not acknowledged.
    """

    name = "lane"
    channels: Sequence[Channel] = ()

    def __init__(self, broker: Broker) -> None:
        self.broker = broker.name
        self.queue = FairQueue()
        self.session = Session(link_settings(f"desk-{self.name}-{uuid.uuid4().hex}", broker), self)
        self._partitions = ""
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"link {self.name}", daemon=True)

    def start(self) -> None:
        """Connect, and start the worker thread."""
        self.session.open()
        self._thread.start()

    def stop(self) -> None:
        """Stop taking work; returns when the current work is finished."""
        self._stopping.set()
        self.queue.put_job(lambda: None)
        if self._thread.is_alive():
            self._thread.join(10.0)
        self.session.close()

    @property
    def is_alive(self) -> bool:
        """Return whether both of its threads run."""
        return self._thread.is_alive() and self.session.is_alive

    def serve(self, partitions: str) -> None:
        """Serve exactly these partitions from now on; callable from any thread."""
        before, self._partitions = self._partitions, partitions
        if not self.session.is_connected:
            return
        self.session.unsubscribe(self.filters("".join(set(before) - set(partitions))))
        self._begin("".join(sorted(set(partitions) - set(before))))

    def filters(self, partitions: str) -> list[str]:
        """Return the topic filters to subscribe to."""
        return [
            f"{topics.ROOT}/{each}/+/{channel.suffix}" for each in partitions for channel in self.channels
        ]

    def connected(self) -> None:
        """Subscribe again: the broker has stored nothing."""
        self._begin(self._partitions)

    def arrived(self, message: Arrived) -> None:
        """Queue a message; one over a device's limit is dropped, and will be repeated or requested."""
        if not self.queue.put(device_name(message.topic), message):
            self.session.acknowledge(message)

    def sent(self, _mid: int, refusal: str, /) -> None:
        """Handle the broker's response to a published message."""
        if refusal:
            log.error("The broker refuses what the desk sends: %s", refusal)

    def disconnected(self, _reason: str) -> None:
        """Do nothing: the session reconnects by itself."""

    def begun(self, partitions: str) -> None:
        """Called when the subscription to these partitions starts."""

    def take(self, messages: list[Arrived]) -> None:
        """Handle these messages of the devices together, in their order."""
        raise NotImplementedError

    def idle_s(self) -> float:
        """Return how long it may wait for messages."""
        return 60.0

    def rest(self) -> None:
        """Do the work that is due between messages."""

    def with_database(self, job: Job) -> bool:
        """Run the job, retrying while there is no database; return whether it finished before ``stop``."""
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

    def _begin(self, partitions: str) -> None:
        if partitions:
            self.session.subscribe(self.filters(partitions), qos=1)
            self.begun(partitions)

    def _run(self) -> None:
        try:
            while not self._stopping.is_set():
                messages, jobs = self.queue.collect(self.idle_s(), MOST_AT_ONCE)
                for job in jobs:
                    self.with_database(job)
                if messages:
                    log.debug("Taking in %d messages", len(messages))
                    self.take(messages)
                self.rest()
        finally:
            connection.close()
