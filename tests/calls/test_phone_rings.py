"""A phone whose page is closed rings and is answered: a real service worker, really woken."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from cloud.calls.models import Call
from cloud.people.models import Contact
from cloud.push.models import Phone, PushMessage
from device.contract.events import CallPlaced
from tests.calls.pocket import Pocket, let_ring
from tests.calls.room import Room
from tests.cloud.push_service import PushService
from tests.link.fixtures import DeskAddresses
from tests.link.waiting import eventually

pytestmark = pytest.mark.requirement("K15")


@pytest.fixture
def pocket(
    come_in: Callable[..., Page],
    secret: str,
    service: PushService,
    desk_addresses: DeskAddresses,
) -> Pocket:
    """Leena has opened her link, let the phone ring, and closed the page."""
    page = come_in(secret, permissions=["notifications", "camera", "microphone"])
    pocket = let_ring(page, service, desk_addresses.pages)
    assert Phone.objects.count() == 1
    return pocket


def called(room: Room, leena: Contact, service: PushService) -> dict[str, Any]:
    """The resident calls Leena, who wants to be reached; what the push service is to deliver."""
    Contact.objects.filter(pk=leena.pk).update(presence="available")
    room.tablet.tell(CallPlaced(call_id="r1", contact_ids=[str(leena.pk)]))
    eventually(lambda: bool(service.messages), "the push service was asked")
    (message,) = service.messages
    return message


def test_page_closed_rung_and_answered(
    pocket: Pocket,
    room: Room,
    service: PushService,
    leena: Contact,
    phones_ring: None,
) -> None:
    """The resident taps, the phone rings and says so, the notification is pressed, and they talk."""
    message = called(room, leena, service)
    assert room.wait_for_command("update-call", "r1")["way"] in {"trying", "page"}
    pocket.wakes(message)
    eventually(lambda: PushMessage.objects.filter(state="heard").exists(), "the phone says that it rings")
    (notification,) = pocket.notifications()
    assert notification["title"] == "Aino Virtanen calls you"
    assert notification["actions"] == ["answer", "refuse"]
    # A finger would open this address; a script may not.
    pocket.page.goto(pocket.origin + notification["open"])
    connect = room.rings("connect-call")
    room.answers(connect)
    room.is_connected(connect)
    expect(pocket.page.get_by_text("You are talking with Aino Virtanen.")).to_be_visible()
    assert pocket.page.url.endswith("/call/")
    pocket.page.get_by_role("button", name="Hang up").click()
    eventually(lambda: Call.objects.filter(pk="r1", state="ended").exists(), "the call has ended")


def test_not_now_on_the_notification_needs_no_page(
    pocket: Pocket,
    room: Room,
    service: PushService,
    leena: Contact,
    phones_ring: None,
) -> None:
    """The resident is notified; the notification disappears."""
    pocket.wakes(called(room, leena, service))
    eventually(lambda: len(pocket.notifications()) == 1, "the notification stands")
    pocket.presses("refuse")
    assert room.wait_for_command("end-call", "r1")["why"] == "refused"
    assert pocket.notifications() == []
