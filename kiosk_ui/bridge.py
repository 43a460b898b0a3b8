"""The connection to the core, in its own threads: drawing never waits for a socket.

The drawing loop gets messages with ``take`` and sends with ``say``.
"""

import logging
import time
from collections.abc import Callable
from pathlib import Path
from queue import Full, Queue
from threading import Event, Lock, Thread

from msgspec import DecodeError, Struct, field

from device.window_protocol.client import CoreGone, ScreenClient
from device.window_protocol.intents import PressHelp
from device.window_protocol.messages import Done, Draw, FromViewer, Picture, TakePicture, Touch
from device.window_protocol.model import Screen

FIRST_RETRY_S = 0.02
LAST_RETRY_S = 0.5
STALE_TAP_S = 5.0

log = logging.getLogger(__name__)


class News(Struct):
    """What arrived since the last ``take``. Of several Screens only the newest counts."""

    screen: Screen | None = None
    touches: list[Touch] = field(default_factory=list)
    wants_picture: bool = False
    is_connected: bool = False


MakePicture = Callable[[], Picture]


class Bridge:
    """Manages the connection; ``wake`` is called from another thread when there is something to ``take``."""

    def __init__(self, path: Path, wake: Callable[[], None]) -> None:
        self._path = path
        self._wake = wake
        self._lock = Lock()
        self._news = News()
        self._client: ScreenClient | None = None
        self._closing = Event()
        self._outgoing: Queue[FromViewer | MakePicture | None] = Queue(maxsize=64)
        self._unsent: list[tuple[float, Done]] = []

    def start(self) -> None:
        """Start connecting to the core."""
        for run in (self._read, self._write):
            Thread(target=run, name=f"core-{run.__name__.strip('_')}", daemon=True).start()

    def close(self) -> None:
        """Disconnect; the threads end by themselves."""
        self._closing.set()
        client = self._client
        if client:
            client.close()

    def take(self) -> News:
        """Return what has arrived, and clear it."""
        with self._lock:
            news, self._news = self._news, News(is_connected=self._news.is_connected)
        return news

    def say(self, message: FromViewer | MakePicture) -> None:
        """Queue a message; dropped where the core has read nothing for minutes."""
        try:
            self._outgoing.put_nowait(message)
        except Full:
            log.warning("the core does not read: %s dropped", type(message).__name__)

    def _read(self) -> None:
        """Read messages; reconnect quickly at first, since a core that is starting will be there soon."""
        retry_s = FIRST_RETRY_S
        while not self._closing.is_set():
            try:
                self._client = ScreenClient(self._path, role="window")
                retry_s = FIRST_RETRY_S
                self._set_connected(is_connected=True)
                self._outgoing.put(None)
                self._receive(self._client)
            except CoreGone as gone:
                log.debug("%s", gone)
            if self._client:
                self._set_connected(is_connected=False)
                self._client.close()
                self._client = None
            self._closing.wait(retry_s)
            retry_s = min(LAST_RETRY_S, 2 * retry_s)

    def _receive(self, client: ScreenClient) -> None:
        while True:
            try:
                message = client.receive()
            except DecodeError as error:
                log.warning("not understood, left out: %s", error)
                continue
            with self._lock:
                match message:
                    case Draw(screen=screen):
                        self._news.screen = screen
                    case Touch():
                        self._news.touches.append(message)
                    case TakePicture():
                        self._news.wants_picture = True
            self._wake()

    def _set_connected(self, *, is_connected: bool) -> None:
        with self._lock:
            self._news.is_connected = is_connected
        self._wake()

    def _write(self) -> None:
        while not self._closing.is_set():
            message = self._outgoing.get()
            if isinstance(message, Done):
                self._unsent.append((time.monotonic(), message))
            elif message is not None:
                self._send(message if not callable(message) else message())
            self._send_taps()

    def _send(self, message: FromViewer) -> bool:
        client = self._client
        if client is None:
            return False
        try:
            client.send(message)
        except CoreGone:
            return False
        return True

    def _send_taps(self) -> None:
        """Send taps; one without a core is dropped after a few seconds, a help request never."""
        while self._unsent:
            at_s, tap = self._unsent[0]
            is_stale = time.monotonic() - at_s > STALE_TAP_S and not isinstance(tap.intent, PressHelp)
            if not is_stale and not self._send(tap):
                return
            self._unsent.pop(0)
