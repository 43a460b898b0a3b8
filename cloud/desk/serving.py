"""One application for two processes: pages for people, and ``/device/v1/`` for devices (HTTPS)."""

import asyncio
import contextlib
import signal
from collections.abc import Callable, Iterator

import uvicorn

from cloud.desk.bound import Application, Message, Receive, Send

DEVICE_PREFIX = "/device/v1/"
PATIENCE_S = 3


def people_only(application: Application) -> Application:
    """Return the application without its URLs for devices."""

    async def serve(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith(DEVICE_PREFIX):
            await _refuse(send)
            return
        await application(scope, receive, send)

    return serve


def devices_only(application: Application) -> Application:
    """Return the application with only the URLs for devices."""

    async def serve(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not scope["path"].startswith(DEVICE_PREFIX):
            await _refuse(send)
            return
        await application(scope, receive, send)

    return serve


async def run(server: uvicorn.Server, on_stop: Callable[[], None]) -> None:
    """Serve until a signal arrives; ``on_stop`` ends streams that would otherwise continue."""

    def stop() -> None:
        on_stop()
        server.should_exit = True

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    try:
        await server.serve()
    finally:
        stop()


class QuietServer(uvicorn.Server):
    """A server that leaves signal handling to ``run``."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Install no signal handlers: the process that runs several servers has its own."""
        yield


async def _refuse(send: Send) -> None:
    headers = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": 404, "headers": headers})
    await send({"type": "http.response.body", "body": b'{"error": "not here"}'})
