"""The process of one call: serves one connection of the core from first message to end."""

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
    SetLoudness,
    ShowPicture,
    ToMedia,
    Unusable,
)
from device.media.offer import UnusableOffer
from device.media.table import Table
from device.media.table_messages import PrepareTable, SeeGuest, SitDown

_log = logging.getLogger(__name__)
_decoder: "msgspec.json.Decoder[ToMedia]" = msgspec.json.Decoder(ToMedia)
_LAST_WORDS_S = 1.0

MakeCall = Callable[[Path, Callable[[FromMedia], None]], Call]
MakeTable = Callable[[Path, Callable[[FromMedia], None]], Table]


class CallProcess:
    """One call process; it ends when the core disconnects or asks for it, and when the browser is gone."""

    def __init__(self, frames: Path, make_call: MakeCall, make_table: MakeTable) -> None:
        self._over = asyncio.Event()
        self._frames = frames
        self._make_call = make_call
        self._make_table = make_table
        self._call: Call | None = None
        self._table: Table | None = None
        self._writer: asyncio.StreamWriter

    async def run(self, connection: socket.socket) -> None:
        """Handle the connection until the call is closed."""
        reader, self._writer = await asyncio.open_unix_connection(sock=connection)
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, self._over.set)
        listening = asyncio.create_task(self._listen(reader))
        try:
            await self._over.wait()
        finally:
            listening.cancel()
            for carried in (self._call, self._table):
                if carried:
                    await carried.close()
            await self._say_last_words()

    async def _listen(self, reader: asyncio.StreamReader) -> None:
        try:
            while message := await framing.read(reader, _decoder):
                try:
                    await self._take(message)
                except UnusableOffer as error:
                    self._tell(Unusable(reason=str(error)[:200]))
                if self._over.is_set():
                    return
        except framing.NotOurs as error:
            self._tell(Unusable(reason=str(error)[:200]))
        except Exception as error:  # noqa: BLE001 - the core must be informed of any error
            _log.exception("the call broke")
            self._tell(Gone(reason=f"the call broke ({type(error).__name__})"))
        finally:
            self._over.set()

    async def _take(self, message: ToMedia) -> None:
        match message:
            case Finish():
                self._over.set()
            case Prepare() if self._call is None:
                self._call = self._make_call(self._frames, self._tell)
                await self._call.prepare(message)
            case PrepareTable() if self._table is None:
                self._table = self._make_table(self._frames, self._tell)
                await self._table.prepare(message)
            case Begin() | SetLoudness() | ShowPicture() if self._call:
                await self._take_for_call(self._call, message)
            case SitDown() | SeeGuest() if self._table:
                await self._take_for_table(self._table, message)

    async def _take_for_call(self, call: Call, message: Begin | SetLoudness | ShowPicture) -> None:
        match message:
            case Begin():
                await call.begin(message.loudness)
            case SetLoudness():
                call.set_loudness(message.loudness)
            case ShowPicture():
                call.show(message)

    async def _take_for_table(self, table: Table, message: SitDown | SeeGuest) -> None:
        match message:
            case SitDown():
                await table.sit_down(message)
            case SeeGuest():
                await table.see(message)

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


def run(connection: socket.socket, frames: Path, make_call: MakeCall, make_table: MakeTable) -> None:
    """Run the call; blocks until it is over."""

    async def whole() -> None:
        await CallProcess(frames, make_call, make_table).run(connection)

    asyncio.run(whole())
