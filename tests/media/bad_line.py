"""A lossy, delayed line between a browser and the call process."""

import asyncio
import random
import re
import threading
from typing import Any

_CANDIDATE = re.compile(r"^a=candidate:.*(?:\r?\n|$)", re.MULTILINE)
_HOST = re.compile(r"^a=candidate:\S+ 1 udp \d+ (\d+\.\d+\.\d+\.\d+) (\d+) typ host", re.MULTILINE)
_OPUS = re.compile(r"^a=rtpmap:(\d+) opus/", re.MULTILINE)

Address = tuple[str, int]


class BadLine:
    """A UDP proxy with a socket for each end; ``offer`` and ``answer`` are rewritten to its addresses.

    ``dropped_sound`` counts audio packets that the device will not receive.
    """

    def __init__(self, *, loss: float, delay_s: float, seed: int = 1) -> None:
        self.loss, self.delay_s = loss, delay_s
        self.carried = self.dropped = self.dropped_sound = 0
        self._sound_type = -1
        self._chance = random.Random(seed)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True, name="bad line")
        self._thread.start()
        self._for_browser = self._open()
        self._for_device = self._open()
        self._for_browser.other, self._for_device.other = self._for_device, self._for_browser

    def offer(self, text: str) -> str:
        """Rewrite the browser's offer for the device."""
        if found := _OPUS.search(text):
            self._sound_type = int(found[1])
        return self._rewritten(text, self._for_browser, self._for_device)

    def answer(self, text: str) -> str:
        """Rewrite the device's answer for the browser."""
        return self._rewritten(text, self._for_device, self._for_browser)

    def close(self) -> None:
        async def closed() -> None:
            for end in (self._for_browser, self._for_device):
                end.transport.close()
            # A transport closes its socket in the next iteration of the loop.
            await asyncio.sleep(0.01)

        asyncio.run_coroutine_threadsafe(closed(), self._loop).result(5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def carry(self, data: bytes, to: "_End") -> None:
        """Forward a packet; called on the line's thread."""
        if self._chance.random() < self.loss:
            self.dropped += 1
            # The payload type (RFC 3550, 5.1), which SRTP leaves readable.
            self.dropped_sound += to is self._for_device and data[1] & 0x7F == self._sound_type
            return
        self.carried += 1
        self._loop.call_later(self.delay_s, to.send, data)

    def _rewritten(self, text: str, near: "_End", shown: "_End") -> str:
        """Replace the sender's address by that of ``shown`` and store it in ``near``."""
        hosts = _HOST.findall(text)
        near.peer = (hosts[0][0], int(hosts[0][1]))
        host, port = shown.address
        line = f"a=candidate:1 1 udp 2130706431 {host} {port} typ host\r\n"
        return _CANDIDATE.sub("", text).replace("a=ice-ufrag", line + "a=ice-ufrag", 1)

    def _open(self) -> "_End":
        async def opened() -> "_End":
            _, end = await asyncio.get_running_loop().create_datagram_endpoint(
                lambda: _End(self), local_addr=("0.0.0.0", 0)
            )
            return end

        return asyncio.run_coroutine_threadsafe(opened(), self._loop).result(5)


class _End(asyncio.DatagramProtocol):
    """The proxy's socket for one end; ``peer`` is that end's address."""

    def __init__(self, line: BadLine) -> None:
        self._line = line
        self.peer: Address | None = None
        self.other: _End
        self.transport: asyncio.DatagramTransport

    @property
    def address(self) -> Address:
        """Return the socket's address as the other side reaches it."""
        known = self.other.peer or self.peer
        assert known
        return known[0], int(self.transport.get_extra_info("sockname")[1])

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, addr: Address) -> None:
        self.peer = addr
        self._line.carry(data, self.other)

    def send(self, data: bytes) -> None:
        if self.peer and not self.transport.is_closing():
            self.transport.sendto(data, self.peer)
