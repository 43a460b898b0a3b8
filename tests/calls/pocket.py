"""A phone in somebody's pocket: a real service worker, really woken, with no page open."""

import json
from typing import Any

from playwright.sync_api import BrowserContext, CDPSession, Page, expect

from tests.cloud.push_service import PushService
from tests.link.waiting import eventually

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


def let_ring(page: Page, service: PushService, origin: str) -> Pocket:
    """On the page of a personal link the phone is let ring; then the page is closed."""
    page.add_init_script(f"({SUBSCRIBED})({json.dumps(service.subscription())})")
    page.reload()
    page.get_by_role("button", name="Let it ring").click()
    expect(page.get_by_text("This phone rings, also with the page closed.")).to_be_visible()
    pocket = Pocket(page.context, origin)
    page.close()
    eventually(lambda: not pocket.open_pages(), "the page is closed")
    return pocket
