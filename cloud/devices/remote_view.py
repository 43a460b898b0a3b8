"""The remote view of a resident's screen; the screen shows who is looking, and the device logs it.

Pictures go from the broker directly to the browser: none is stored.
"""

import asyncio
import math
import struct
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from asgiref.sync import sync_to_async
from django.db import connection
from django.utils import translation
from django.utils.translation import gettext as _

from cloud.base.streams import ask_database
from cloud.devices.commands import issue
from cloud.devices.models import Device, DeviceCommand
from cloud.notify import live_updates
from cloud.notify.hub import Hub
from cloud.organisations.models import User
from cloud.organisations.roles import Verb
from device.contract import topics
from device.contract.commands import StartRemoteView, StopRemoteView
from device.contract.errors import ContractError
from device.contract.vital import RemoteViewFrame
from device.contract.wire import read, unseal

SECONDS = 30
RENEW_S = 15.0
ASK_S = 1.0
# The device sends a picture for each renewal, also of an unchanged screen.
LONGEST_SILENCE_S = 2 * RENEW_S + 5
FIRST_SILENCE_S = 8.0
LIFETIME_S = 600.0
STOP_LIFETIME = timedelta(minutes=1)

PICTURE, WORDS = b"P", b"W"
_ENDED = ("declined", "failed")
# Views that are being closed; an event loop only holds weak references to tasks.
stopping: set[asyncio.Task[None]] = set()


@dataclass
class RemoteView:
    """One user's view of one device's screen, until the stream is closed."""

    device: Device
    user: User
    language: str
    _command: UUID | None = None
    _words: str = ""
    _heard_at: float = field(default=0.0)
    _has_seen: bool = False

    async def stream(self) -> AsyncIterator[bytes]:
        """Yield packets for the page: a letter, a length (4 bytes, big-endian), a JPEG or text."""
        hub = live_updates.here()
        now = asyncio.get_running_loop().time
        self._heard_at = now()
        ends_at, renew_at = now() + LIFETIME_S, -math.inf
        try:
            with hub.looking(self.device.pk) as queue:
                while not hub.is_closed and now() < ends_at:
                    if now() >= renew_at:
                        renew_at = now() + RENEW_S
                        if not await ask_database(self._renew):
                            break
                    frames: list[bytes] = []
                    try:
                        async with asyncio.timeout(ASK_S):
                            frames = await queue.take()
                    except TimeoutError:
                        words = await ask_database(self._how_it_is, now() - self._heard_at)
                        for packet in self._say(words):
                            yield packet
                    for picture in filter(None, map(_picture, frames)):
                        self._heard_at, self._has_seen = now(), True
                        yield _packet(PICTURE, picture)
                        for packet in self._say(""):
                            yield packet
        finally:
            # Closing a stream does not wait for the cleanup.
            task = asyncio.get_running_loop().create_task(sync_to_async(self._stop)(hub))
            stopping.add(task)
            task.add_done_callback(stopping.discard)

    def _renew(self) -> bool:
        """Renew the view if the user is still permitted; return whether it was renewed."""
        user = User.objects.filter(pk=self.user.pk, is_active=True).first()
        if (
            user is None
            or not Device.objects.visible_to(user.acting(Verb.VIEW_REMOTELY))
            .filter(pk=self.device.pk)
            .exists()
        ):
            return False
        body = StartRemoteView(by=str(user)[:150], seconds=SECONDS)
        self._command = issue(self.device, body, by=user, lifetime=timedelta(seconds=SECONDS)).pk
        return True

    def _stop(self, hub: Hub) -> None:
        """Stop the view, unless another user of this process is viewing the device."""
        try:
            if not hub.is_looked_at(self.device.pk):
                issue(self.device, StopRemoteView(), by=self.user, lifetime=STOP_LIFETIME)
        finally:
            # The request, which would have closed it, is over.
            connection.close()

    def _how_it_is(self, silent_s: float) -> str:
        """Return why no picture arrives, for the user; empty where there is no reason."""
        with translation.override(self.language):
            asked = DeviceCommand.objects.filter(pk__in=[self._command] if self._command else [])
            command = asked.select_related("device").first()
            if command and command.stage in _ENDED:
                return _("The device does not show its screen: %(reason)s") % {"reason": command.reason}
            if command and not command.device.online:
                return _("The device is not connected. The picture comes when it is back.")
            if silent_s > (LONGEST_SILENCE_S if self._has_seen else FIRST_SILENCE_S):
                return _("The device does not answer.")
            return "" if self._has_seen else _("Waiting for the picture.")

    def _say(self, words: str) -> list[bytes]:
        if words == self._words:
            return []
        self._words = words
        return [_packet(WORDS, words.encode())]


def _picture(payload: bytes) -> bytes | None:
    """Return the JPEG of a message, or None for an invalid one."""
    try:
        frame: RemoteViewFrame = read(unseal(payload, topics.REMOTE_VIEW.type).body, RemoteViewFrame)
    except ContractError:
        return None
    return frame.jpeg if frame.jpeg.startswith(b"\xff\xd8") else None


def _packet(kind: bytes, content: bytes) -> bytes:
    return kind + struct.pack(">I", len(content)) + content
