"""What the resident sees: the newest Screen, and where on the display each of its buttons is."""

import threading
from pathlib import Path

from device.screen.client import CoreGone, ScreenClient
from device.screen.intents import Intent
from device.screen.messages import Draw
from device.screen.model import Screen
from kiosk_ui.pages.compose import compose
from kiosk_ui.panel import Panel


class ResidentScreen:
    """A viewer beside the window; it comes back when the core does."""

    def __init__(self, socket: Path) -> None:
        self._socket = socket
        self._newest: Screen | None = None
        self._leaving = threading.Event()
        threading.Thread(target=self._watch, daemon=True, name="viewer").start()

    @property
    def newest(self) -> Screen | None:
        """None while there is no core."""
        return self._newest

    def says(self, words: str) -> bool:
        """Whether these words are somewhere on the screen."""
        return self._newest is not None and words in repr(self._newest)

    def place_of(self, intent: Intent, panel: Panel) -> tuple[int, int]:
        """The middle of the button that does this, in pixels."""
        assert self._newest
        target = next(each for each in compose(self._newest, panel).targets if each.action == intent)
        box = target.box
        return round(box.x + box.width / 2), round(box.y + box.height / 2)

    def leave(self) -> None:
        """Watch no more."""
        self._leaving.set()

    def _watch(self) -> None:
        while not self._leaving.is_set():
            try:
                with ScreenClient(self._socket, "viewer", connect_timeout_s=0.5) as client:
                    while not self._leaving.is_set():
                        self._take(client)
            except CoreGone:
                self._newest = None
                self._leaving.wait(0.05)

    def _take(self, client: ScreenClient) -> None:
        try:
            message = client.receive(timeout_s=0.5)
        except TimeoutError:
            return
        if isinstance(message, Draw):
            self._newest = message.screen
