"""Events of devices, help among them, and the receipts for them: a lane that nothing else is on."""

from collections import defaultdict

from django.utils import timezone

from cloud.link.batch import take_in_all
from cloud.link.intake import Effect, Receipt
from cloud.link.lane import Lane
from cloud.notify.session import Arrived
from device.contract import topics
from device.contract.events import Received
from device.contract.wire import seal

MOST_IDS = 500


class EventLane(Lane):
    """A receipt follows the commit, and never waits for anything but this device's events."""

    name = "events"
    channels = (topics.EVENT,)

    def take(self, messages: list[Arrived]) -> None:
        """Commits them, and receipts what is committed."""
        effects: list[Effect] = []
        if not self.with_database(lambda: effects.extend(take_in_all(messages, self.broker, first=True))):
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
