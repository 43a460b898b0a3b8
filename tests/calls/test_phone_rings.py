"""A phone whose page is closed rings and is answered: a real service worker, really woken."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, CDPSession, Page, expect

from cloud.calls.models import Call
from cloud.people.models import Contact
from cloud.pki.authority import desk_authority
from cloud.push.models import Phone, PushMessage
from cloud.push.watch import PushWatch
from device.contract.events import CallPlaced
from tests.calls.loops import running
from tests.calls.room import Room
from tests.cloud.push_service import PushService, push_service
from tests.link.fixtures import DeskAddresses
from tests.link.waiting import eventually

pytestmark = pytest.mark.requirement("K15")
# No push service is reachable from here: the subscription is of our own, all else is the browser's.
SUBSCRIBED = """(subscription) => {
  let made = null;
  const keys = { endpoint: subscription.endpoint, toJSON: () => subscription };
  PushManager.prototype.subscribe = async function ({ applicationServerKey, userVisibleOnly }) {
    if (!userVisibleOnly || applicationServerKey.length !== 65) throw new TypeError("key");
    const options = { applicationServerKey: applicationServerKey.buffer };
    made = { ...keys, options, unsubscribe: async () => (made = null) };
    return made;
  };
  PushManager.prototype.getSubscription = async () => made;
}"""


@pytest.fixture
def service(tmp_path: Path, settings: Any) -> Iterator[PushService]:
    """A push service on this computer that the desk trusts."""
    settings.PUSH_KEY_FILE = str(tmp_path / "push.pem")
    settings.PUSH_MAY_BE_LOCAL = True
    authority = desk_authority()
    authority.make(["localhost"])
    settings.PUSH_AUTHORITY = str(authority.certificate_file)
    with push_service(authority) as running:
        yield running


@pytest.fixture
def watch(transactional_db: None) -> Iterator[None]:
    """The loop that rings phones."""
    with running(PushWatch().run):
        yield


class Pocket:
    """The phone with no page open: it can still be woken."""

    def __init__(self, context: BrowserContext, origin: str) -> None:
        self.context, self.origin = context, origin
        self.page = context.new_page()
        self.page.goto(f"{origin}/static/desk/mark.svg")
        self.cdp: CDPSession = context.new_cdp_session(self.page)
        self.registrations: list[str] = []
        self.cdp.on("ServiceWorker.workerRegistrationUpdated", self._registered)
        self.cdp.send("ServiceWorker.enable")

    def _registered(self, event: dict[str, Any]) -> None:
        self.registrations += [each["registrationId"] for each in event["registrations"]]

    def wakes(self, message: dict[str, Any]) -> None:
        """Deliver the message as the push service does."""
        while not self.registrations:
            self.page.wait_for_timeout(20)
        facts = {"origin": self.origin, "registrationId": self.registrations[-1], "data": json.dumps(message)}
        self.cdp.send("ServiceWorker.deliverPushMessage", facts)

    def notifications(self) -> list[dict[str, Any]]:
        """What stands on the locked phone."""
        (worker,) = self.context.service_workers
        shown: list[dict[str, Any]] = worker.evaluate(
            """async () => (await self.registration.getNotifications()).map((each) => (
              { title: each.title, actions: each.actions.map((act) => act.action), open: each.data.open }))"""
        )
        return shown

    def open_pages(self) -> int:
        """How many pages its service worker still counts: one that is looked at rings instead of it."""
        (worker,) = self.context.service_workers
        found: int = worker.evaluate(
            """async () => (await self.clients.matchAll({ type: "window", includeUncontrolled: true }))
              .filter((each) => each.url.startsWith(self.registration.scope)).length"""
        )
        return found

    def presses(self, action: str) -> None:
        """A finger on a button of the notification."""
        (worker,) = self.context.service_workers
        worker.evaluate(
            """async (action) => {
              const [notification] = await self.registration.getNotifications();
              self.dispatchEvent(new NotificationEvent("notificationclick", { notification, action }));
            }""",
            action,
        )


@pytest.fixture
def pocket(
    come_in: Callable[..., Page],
    secret: str,
    service: PushService,
    desk_addresses: DeskAddresses,
) -> Pocket:
    """Leena has opened her link, let the phone ring, and closed the page."""
    page = come_in(secret, permissions=["notifications", "camera", "microphone"])
    page.add_init_script(f"({SUBSCRIBED})({json.dumps(service.subscription())})")
    page.reload()
    page.get_by_role("button", name="Let it ring").click()
    expect(page.get_by_text("This phone rings, also with the page closed.")).to_be_visible()
    assert Phone.objects.count() == 1
    pocket = Pocket(page.context, desk_addresses.pages)
    page.close()
    eventually(lambda: not pocket.open_pages(), "the page is closed")
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
    watch: None,
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
    watch: None,
) -> None:
    """The resident is notified; the notification disappears."""
    pocket.wakes(called(room, leena, service))
    eventually(lambda: len(pocket.notifications()) == 1, "the notification stands")
    pocket.presses("refuse")
    assert room.wait_for_command("end-call", "r1")["why"] == "refused"
    assert pocket.notifications() == []
