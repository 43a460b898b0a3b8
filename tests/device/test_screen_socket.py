"""The screen's socket, and what a viewer may write into it."""

import asyncio
import os
import resource
import socket
from pathlib import Path

import msgspec
import pytest

from device.screen.server import ScreenServer, Viewer
from device.window_protocol.client import ScreenClient
from device.window_protocol.intents import PlaceCall
from device.window_protocol.messages import Done, Hello


def _frame(body: bytes) -> bytes:
    return len(body).to_bytes(4) + body


HELLO = _frame(msgspec.json.encode(Hello(role="viewer")))


@pytest.mark.parametrize(
    "nonsense",
    [
        _frame(msgspec.json.encode(Done(intent=PlaceCall(contact_id="@"))).replace(b"@", b"\xff")),
        _frame(b"[" * 50_000),
        _frame(b"{}"),
        _frame(b""),
        b"\xff" * 64,
    ],
    ids=["not UTF-8", "brackets without end", "without a type", "empty", "too long"],
)
def test_a_viewer_that_writes_nonsense_is_cut_off_and_gone(
    tmp_path: Path, nonsense: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    """Its socket closes, the core is notified, and the next viewer is served."""
    heard: list[object] = []

    async def story() -> None:
        def on_heard(_: Viewer, message: object) -> None:
            heard.append(message)

        server = ScreenServer(tmp_path / "screen.sock", on_heard)
        await server.start()
        reader, writer = await asyncio.open_unix_connection(tmp_path / "screen.sock")
        writer.write(HELLO + nonsense)
        assert await asyncio.wait_for(reader.read(), 10) == b""
        writer.close()
        assert [type(each).__name__ for each in heard] == ["Hello", "NoneType"]

        _, other = await asyncio.open_unix_connection(tmp_path / "screen.sock")
        other.write(HELLO)
        other.close()
        async with asyncio.timeout(10):
            while len(heard) < 4:
                await asyncio.sleep(0.01)
        assert [type(each).__name__ for each in heard[2:]] == ["Hello", "NoneType"]
        await server.stop()

    asyncio.run(story())
    assert "a viewer was cut off" in caplog.text
    assert "Traceback" not in caplog.text


def test_a_viewer_with_very_many_open_files_waits_like_any_other(tmp_path: Path) -> None:
    """A descriptor above 1,023 is no error: nothing comes, and it says so."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(4096, hard), hard))
    held: list[int] = []
    path = tmp_path / "screen.sock"
    try:
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(str(path))
            listening.listen()
            while not held or held[-1] < 1100:
                held.append(os.open(os.devnull, os.O_RDONLY))
            with ScreenClient(path, "viewer") as viewer, pytest.raises(TimeoutError):
                viewer.receive(timeout_s=0.05)
    finally:
        for each in held:
            os.close(each)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
