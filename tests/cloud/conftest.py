"""Two homes that know nothing of each other, somebody signed in, and a desk for browsers to visit."""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from django.core.management import call_command
from django.test import Client
from django.utils import translation
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from cloud.notify import live_updates
from tests.cloud.homes import Home, make_home

# Playwright's loop runs in the thread of the tests, where Django would refuse its database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
CHROMIUM = os.environ.get("KOTIRUUTU_CHROMIUM", "/usr/bin/chromium")
PATIENCE_MS = 15_000
REFUSED = (
    "Response Status Error Code 401",
    "Response Status Error Code 403",
    "htmx:sendError",
    "htmx:afterRequest",
    "Failed to load resource: net::ERR_INTERNET_DISCONNECTED",
)
# The page itself ended a request whose answer is not wanted any more.
GIVEN_UP = "htmx:sendAbort"
ASKED_AGAIN = ("/live/", "/count/", "/help/requests/", "/help/warnings/", "/take/")


@pytest.fixture(scope="session", autouse=True)
def translations() -> None:
    """The desk's words in four languages."""
    call_command("compilemessages", verbosity=0)


@pytest.fixture(autouse=True)
def desk_settings(settings: Any, tmp_path: Any) -> Iterator[None]:
    """Quick passwords, English words, no broker, and change notifications that stay in this process."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.BROKER_DESK_PORT = 0
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1", "testserver"]
    with translation.override("en"):
        yield
    live_updates.close()


@pytest.fixture
def home(db: None) -> Home:
    """Create the home of most tests."""
    return make_home("Lehmus")


@pytest.fixture
def foreign(db: None) -> Home:
    """A home that is none of our business."""
    return make_home("Vieras")


@pytest.fixture
def desk(home: Home, client: Client) -> Client:
    """The desk, as our nurse sees it."""
    client.force_login(home.user)
    return client


@pytest.fixture
def address(transactional_db: None) -> Iterator[str]:
    """The address of a desk that really serves, with its live streams."""
    from cloud.desk.asgi import application

    config = uvicorn.Config(
        application, port=0, log_level="error", lifespan="off", timeout_graceful_shutdown=1, ws="none"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the desk did not start"
        thread.join(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://localhost:{port}"
    live_updates.close()
    server.should_exit = True
    thread.join(10)
    assert not thread.is_alive(), "the desk did not stop"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The system's Chromium; its loop runs in this thread, where no other can run meanwhile."""
    if not Path(CHROMIUM).exists():
        pytest.fail(f"no browser at {CHROMIUM}: install chromium, or set KOTIRUUTU_CHROMIUM")
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield chromium
        chromium.close()


def _is_wrong(line: ConsoleMessage) -> bool:
    # Lines break in tests that break them, and the page says so itself.
    is_said = line.location["url"].partition("?")[0].endswith(ASKED_AGAIN) or line.text.startswith(
        (*REFUSED, GIVEN_UP)
    )
    return line.type == "error" and not is_said


@pytest.fixture
def visit(address: str, browser: Browser) -> Iterator[Callable[[Home], Page]]:
    """Opens the desk as the nurse of a home, each time in a browser of its own; errors fail the test."""
    contexts: list[BrowserContext] = []
    wrong: list[str] = []

    def open_desk(home: Home) -> Page:
        # A badge that beats is painted sixty times a second, by the processor of the machine that tests.
        context = browser.new_context(base_url=address, locale="en", reduced_motion="reduce")
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        signed_in = Client()
        signed_in.force_login(home.user)
        cookie = signed_in.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": cookie, "url": address}])
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda line: wrong.append(line.text) if _is_wrong(line) else None)
        return page

    yield open_desk
    for context in contexts:
        with suppress(Exception):
            context.close()
    assert not wrong
