"""A real desk, broker and browser; the resident's end is a scripted device with a browser for its media."""

import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from cloud.calls import links, stream
from cloud.link.worker import Worker
from cloud.people.models import CareSettings, Contact, Relation, Resident
from cloud.pki.authority import desk_authority
from cloud.push.watch import PushWatch
from tests.calls.loops import running
from tests.calls.room import Room
from tests.cloud.push_service import PushService, push_service
from tests.link.fixtures import *  # noqa: F403
from tests.link.fixtures import DeskAddresses
from tests.link.tablet import Tablet
from tests.link.waiting import eventually
from tests.media.caller import FEW_PICTURES

# Playwright's loop runs in the thread of the tests, where Django would refuse its database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
CHROMIUM = os.environ.get("KOTIRUUTU_CHROMIUM", "/usr/bin/chromium")
PATIENCE_MS = 15_000
FAKE_MEDIA = [
    FEW_PICTURES,
    "--use-fake-ui-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
    # The room's end has no camera permission, and no multicast: it says its address as it is.
    "--disable-features=WebRtcHideLocalIpsWithMdns",
]


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """The system's Chromium with its fake camera and microphone."""
    if not Path(CHROMIUM).exists():
        pytest.fail(f"no browser at {CHROMIUM}: install chromium, or set KOTIRUUTU_CHROMIUM")
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", *FAKE_MEDIA]
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield chromium
        chromium.close()


@pytest.fixture
def come_in(browser: Browser, desk_addresses: DeskAddresses) -> Iterator[Callable[..., Page]]:
    """Opens the caller's page by a personal link, each time in a browser of its own; errors fail the test."""
    contexts: list[BrowserContext] = []
    wrong: list[str] = []

    def come_in(secret: str, **options: Any) -> Page:
        context = browser.new_context(
            base_url=desk_addresses.pages, locale="en", reduced_motion="reduce", **options
        )
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto(links.address(secret))
        page.wait_for_selector("#people li, #none:not([hidden])")
        return page

    yield come_in
    for context in contexts:
        context.close()
    eventually(lambda: not stream.closing, "every stream has ended")
    assert not wrong


@pytest.fixture
def leena(resident: Resident, worker: Worker) -> Contact:
    contact = Contact.objects.create(
        organisation=resident.organisation, first_name="Leena", last_name="Virtanen", presence="away"
    )
    Relation.objects.create(resident=resident, contact=contact, words="daughter")
    CareSettings.objects.create(resident=resident)
    return contact


@pytest.fixture
def secret(leena: Contact) -> str:
    """Return the secret of her personal link."""
    return links.make(leena, by=None, lifetime=timedelta(days=1))[1]


@pytest.fixture
def room(browser: Browser, tablet: Tablet) -> Iterator[Room]:
    """The resident's room: a device that answers, with sound of 440 Hz and a moving picture."""
    made = Room(browser.new_page(), tablet)
    tablet.appear()
    yield made
    made.page.close()


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
def phones_ring(transactional_db: None) -> Iterator[None]:
    """The loop that rings phones."""
    with running(PushWatch().run):
        yield
