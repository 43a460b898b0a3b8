"""A caller: a page in the system's Chromium, driven by a test."""

import json
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
]
# Of the fake camera, where nobody counts them: each is encoded and decoded by the processor.
FEW_PICTURES = "--use-fake-device-for-media-stream=fps=8"
_ADDRESS = "http://localhost/call"
_PAGE = Path(__file__).with_name("caller.html")


class Caller:
    """One page. Camera and microphone are Chromium's fake devices, or a tone."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.route(_ADDRESS, lambda route: route.fulfill(body=_PAGE.read_text(), content_type="text/html"))
        page.goto(_ADDRESS)

    def offer(self, **wishes: Any) -> str:
        """Return a complete offer with its candidates; ``hz`` is a tone that is sent as sound."""
        return str(self.page.evaluate(f"offer({json.dumps(wishes)})"))

    def answer(self, sdp: str) -> None:
        self.page.evaluate("sdp => answer(sdp)", sdp)

    def heard(self) -> tuple[float, float]:
        """Return the strongest frequency received, and its level in dB."""
        hz, level = self.page.evaluate("heard()")
        return float(hz), float(level)

    def seen(self, *points: tuple[float, float]) -> list[tuple[int, int, int]] | None:
        """Return the colours of the device's picture at relative positions; None without a picture."""
        found = self.page.evaluate("points => seen(points)", points)
        return [tuple(colour) for colour in found] if found else None

    def counts(self) -> dict[str, dict[str, Any]]:
        """Return the browser's statistics by ``audio`` and ``video``, and ``sent`` for its own picture."""
        found: dict[str, dict[str, Any]] = self.page.evaluate("counts()")
        return found

    def states(self) -> list[str]:
        """Return the states that the connection went through."""
        states: list[str] = self.page.evaluate("call.states")
        return states

    def hang_up(self) -> None:
        """Hang up, as the button on the page does."""
        self.page.evaluate("call.connection.close()")
