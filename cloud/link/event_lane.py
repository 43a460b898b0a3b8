"""The lane of device events, help among them, and their receipts; it carries nothing else."""

from collections import defaultdict

from django.utils import timezone

from cloud.link.batch import ingest_all
from cloud.link.ingest import Effect, Receipt
from cloud.link.lane import Lane
from cloud.notify.session import Arrived
from device.contract import topics
from device.contract.events import Received
from device.contract.wire import seal

MOST_IDS = 500


class EventLane(Lane):
    """Sends a receipt after each commit, delayed only by the device's own events."""

    name = "events"
    channels = (topics.EVENT,)

    def take(self, messages: list[Arrived]) -> None:
        """Commit the messages and send receipts."""
        effects: list[Effect] = []
        if not self.with_database(lambda: effects.extend(ingest_all(messages, self.broker, first=True))):
            return
        receipts: dict[str, list[str]] = defaultdict(list)
        for effect in effects:
            if isinstance(effect, Receipt):
                receipts[effect.device].append(effect.id)
        for device, ids in receipts.items():
            self._publish_receipts(device, list(dict.fromkeys(ids)))
        for message in messages:
            self.session.acknowledge(message)

    def _publish_receipts(self, device: str, ids: list[str]) -> None:
        for at in range(0, len(ids), MOST_IDS):
            body = Received(ids=ids[at : at + MOST_IDS])
            payload = seal(body, topics.RECEIVED.type, sent_at=timezone.now())
            self.session.publish(topics.topic(device, topics.RECEIVED), payload, qos=1)
