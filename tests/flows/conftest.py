"""One home for all stories: started once, left calm by each."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from provisioning.demo.stack import Stack
from tests.flows.house import House
from tests.media.caller import CHROMIUM, FEW_PICTURES, FLAGS

PATIENCE_MS = 15_000


@pytest.fixture(scope="package")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Broker, desk, link worker, core and window on a virtual display; painted."""
    folder: Path = tmp_path_factory.mktemp("house")
    stack = Stack(folder)
    try:
        prepared = stack.start()
        stack.wait_until_painted()
        home = House(stack, prepared.seed["accounts"], prepared.seed["callers"])
        yield home
        home.screen.leave()
    finally:
        stack.stop()


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """The system's Chromium; its loop runs in this thread, where no other can run meanwhile."""
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, FEW_PICTURES])
        yield browser
        browser.close()


@pytest.fixture
def context(browser: Browser, house: House) -> Iterator[BrowserContext]:
    """A browser of its own for each story; its pages stand still, as painting them in motion costs time."""
    context = browser.new_context(
        locale="fi-FI", viewport={"width": 1280, "height": 900}, reduced_motion="reduce"
    )
    context.set_default_timeout(PATIENCE_MS)
    yield context
    context.close()


@pytest.fixture
def nurse(context: BrowserContext, house: House) -> Page:
    """Anna, who stays signed in from one story to the next; nobody waits for help."""
    page = context.new_page()
    house.comes_back(page)
    house.nobody_waits(page)
    return page
