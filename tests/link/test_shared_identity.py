"""Two tablets with one identity, as after copying a card: neither throws the other out for ever (K18)."""

import queue
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from device.contract.topics import PRESENCE
from device.contract.vital import Presence
from device.contract.wire import seal
from device.link.events import Connected, Disconnected, IdentityShared, LinkEvent
from device.link.session import MOST_SHORT_LIVES, Session
from device.settings import Identity as DeviceIdentity
from tests.link.broker_process import BrokerProcess
from tests.link.tablet import Identity
from tests.link.waiting import eventually

pytestmark = pytest.mark.requirement("K18")


class Copy:
    """A core's session, and what it said."""

    def __init__(self, identity: Identity, port: int) -> None:
        (identity.directory / "ca.pem").write_bytes(identity.authority.read_bytes())
        settings = DeviceIdentity(
            device=identity.id,
            desk_url="https://localhost:9",
            broker_host="localhost",
            broker_port=port,
            folder=identity.directory,
        )
        self.heard: queue.Queue[LinkEvent] = queue.Queue()
        self.session = Session(
            settings, brokers=list, make_will=_will, heard=self.heard.put, moved=lambda: None
        )
        self.session.start()

    def said(self) -> list[LinkEvent]:
        return list(self.heard.queue)


def _will() -> bytes:
    return seal(Presence(online=False, session=1), PRESENCE.type, sent_at=datetime.now(UTC))


def test_a_copied_card_is_recognised_and_thrashes_nobody(
    enrol_device: Callable[..., Identity], broker: BrokerProcess
) -> None:
    """The one that was thrown out knows why after a few times, and leaves the broker to the other."""
    identity = enrol_device()
    first = Copy(identity, broker.place.device_port)
    try:
        eventually(lambda: Connected() in first.said(), "the first is linked")
        second = Copy(identity, broker.place.device_port)
        try:
            both = (first, second)
            eventually(lambda: any(IdentityShared(shared=True) in each.said() for each in both), "one knows")
            eventually(lambda: any(each.said()[-1] == Connected() for each in both), "the other is linked")
            lost = [event for event in (*first.said(), *second.said()) if isinstance(event, Disconnected)]
            assert len(lost) <= 2 * MOST_SHORT_LIVES
        finally:
            second.session.stop()
    finally:
        first.session.stop()
