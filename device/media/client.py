"""The core's connection to a call process."""

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path

import msgspec

from device.media import framing
from device.media.messages import FromMedia, Gone, Prepare, ToMedia, Unusable
from device.media.table_messages import PrepareTable

_log = logging.getLogger(__name__)
_decoder: "msgspec.json.Decoder[FromMedia]" = msgspec.json.Decoder(FromMedia)

Heard = Callable[[FromMedia], None]


class CallProcess:
    """One call.

    ``heard`` receives its messages on the loop; ``Gone`` or ``Unusable`` comes once, and last.
    """

    def __init__(self, path: Path, heard: Heard) -> None:
        self._path = path
        self._heard = heard
        self._unsent: list[ToMedia] = []
        self._writer: asyncio.StreamWriter | None = None
        self._reading: asyncio.Task[None] | None = None
        self._over = False

    def start(self, wanted: Prepare | PrepareTable) -> None:
        """Connect in the background. Without a media process, ``Gone`` is reported."""
        self._unsent.append(wanted)
        self._reading = asyncio.get_running_loop().create_task(self._run())

    def send(self, message: ToMedia) -> None:
        """Send a message, in order; ignored where the call is over."""
        if self._writer:
            self._writer.write(framing.packed(message))
        elif not self._over:
            self._unsent.append(message)

    def close(self) -> None:
        """Hang up: the process ends, and no more messages are reported."""
        self._over = True
        if self._writer:
            self._writer.close()
            self._writer = None
        elif self._reading:
            self._reading.cancel()

    async def _run(self) -> None:
        try:
            reader, self._writer = await asyncio.open_unix_connection(self._path)
        except OSError as error:
            self._tell(Gone(reason=f"no media process at {self._path}: {error.strerror or error}"))
            return
        for message in self._unsent:
            self._writer.write(framing.packed(message))
        self._unsent.clear()
        try:
            while not self._over and (message_heard := await framing.read(reader, _decoder)):
                self._tell(message_heard)
            self._tell(Gone(reason="the media process ended"))
        except framing.NotOurs as error:
            self._tell(Gone(reason=f"the media process said what is not understood: {error}"))
        self.close()

    def _tell(self, message: FromMedia) -> None:
        if self._over:
            return
        self._over = isinstance(message, Gone | Unusable)
        self._heard(message)
