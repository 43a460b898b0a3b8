"""The process of one call: one connection of the core's, from its first message to its end."""

import asyncio
import logging
import signal
import socket
from collections.abc import Callable
from pathlib import Path

import msgspec

from device.media import framing
from device.media.call import Call
from device.media.messages import (
    Begin,
    Finish,
    FromMedia,
    Gone,
    Prepare,
    ShowPicture,
    ToMedia,
    Unusable,
)
from device.media.offer import UnusableOffer

_log = logging.getLogger(__name__)
_decoder: "msgspec.json.Decoder[ToMedia]" = msgspec.json.Decoder(ToMedia)
_LAST_WORDS_S = 1.0

MakeCall = Callable[[Path, Callable[[FromMedia], None]], Call]


class CallProcess:
    """Ends when the core leaves or says so, and when the browser is gone."""

    def __init__(self, frames: Path, make_call: MakeCall) -> None:
        self._over = asyncio.Event()
        self._call = make_call(frames, self._tell)
        self._writer: asyncio.StreamWriter

    async def run(self, connection: socket.socket) -> None:
        """Returns when nothing of the call is left."""
        reader, self._writer = await asyncio.open_unix_connection(sock=connection)
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, self._over.set)
        listening = asyncio.create_task(self._listen(reader))
        try:
            await self._over.wait()
        finally:
            listening.cancel()
            await self._call.close()
            await self._say_last_words()

    async def _listen(self, reader: asyncio.StreamReader) -> None:
        try:
            while message := await framing.read(reader, _decoder):
                await self._take(message)
                if self._over.is_set():
                    return
        except framing.NotOurs as error:
            self._tell(Unusable(reason=str(error)[:200]))
        except Exception as error:  # noqa: BLE001 - the core must hear of it, whatever it is
            _log.exception("the call broke")
            self._tell(Gone(reason=f"the call broke ({type(error).__name__})"))
        finally:
            self._over.set()

    async def _take(self, message: ToMedia) -> None:
        match message:
            case Prepare():
                try:
                    await self._call.prepare(message)
                except UnusableOffer as error:
                    self._tell(Unusable(reason=str(error)[:200]))
            case Begin():
                await self._call.begin()
            case ShowPicture():
                self._call.show(message)
            case Finish():
                self._over.set()

    def _tell(self, message: FromMedia) -> None:
        if self._over.is_set():
            return
        self._writer.write(framing.packed(message))
        if isinstance(message, Gone | Unusable):
            self._over.set()

    async def _say_last_words(self) -> None:
        self._writer.close()
        try:
            await asyncio.wait_for(self._writer.wait_closed(), _LAST_WORDS_S)
        except (TimeoutError, ConnectionError):
            return


def run(connection: socket.socket, frames: Path, make_call: MakeCall) -> None:
    """Blocks until the call is over."""

    async def whole() -> None:
        await CallProcess(frames, make_call).run(connection)

    asyncio.run(whole())
