"""``python -m tests.bench.desk.boards [--boards N] [--residents N]``: how soon open help boards show a press.

A real broker, link worker and web process on PostgreSQL. Each board is what a signed-in browser does: it
follows the live stream, which brings the list and the number in the menu, and asks for what it was not
brought. The figures are added to ``build/bench/desk.json``.
"""

import argparse
import asyncio
import json
import os
import resource
import shutil
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from provisioning.demo.simulated import SimulatedTablet
from tests.bench.fleet.place import FleetDesk
from tests.bench.screen.figures import percentile
from tests.bench.screen.meters import family, pss_mib

BUILD = Path("build") / "bench"
PRESSES = 20
PATIENCE_S = 60.0
REST_S = 2.0
# The desk closes a connection that is idle for five seconds: never send into that moment.
KEPT_S = 2.0
LIST, NUMBER = "/help/requests/", "/help/count/"
LONGEST_LINE_BYTES = 2**22


def main() -> None:
    """Print the figures, and add them to those of the pages."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.desk.boards", description=__doc__)
    parser.add_argument("--boards", type=int, default=200)
    parser.add_argument("--residents", type=int, default=10_000)
    given = parser.parse_args()
    _, most_files = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most_files, most_files))
    folder = (BUILD / "desk-boards").resolve()
    shutil.rmtree(folder, ignore_errors=True)
    with FleetDesk(folder, PRESSES, postgresql=True) as place:
        os.environ.update(place.place.environment)
        sessions = _sign_in(given.boards, given.residents)
        figures = asyncio.run(_measure(place, sessions))
    kept = BUILD / "desk.json"
    found = json.loads(kept.read_text()) if kept.exists() else {"scale": {}, "figures": {}}
    found["figures"] |= figures
    found["scale"] |= {"boards": given.boards}
    kept.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(json.dumps(figures, indent=1) + "\n")


def _sign_in(boards: int, residents: int) -> list[str]:
    """Add so many nurses and residents; return the nurses' session keys."""
    import django

    django.setup()
    from django.db import connection
    from django.test import Client

    from cloud.organisations.models import Organisation
    from cloud.organisations.roles import Role
    from tests.bench.desk.seed import fill
    from tests.cloud.homes import make_user

    organisation = Organisation.objects.get(name="Lehmuskoto")
    fill(organisation, residents)
    keys = []
    for at in range(boards):
        browser = Client()
        browser.force_login(make_user(organisation, f"Nurse {at}", roles=[Role.NURSE]))
        keys.append(browser.cookies["sessionid"].value)
    connection.close()
    return keys


async def _measure(place: FleetDesk, sessions: list[str]) -> dict[str, object]:
    pages = family([place.desk.pages.pid or 0])
    at_rest_mib = pss_mib(pages)
    boards = [Board(place.place.ports.pages, session) for session in sessions]
    listening = [asyncio.create_task(board.listen()) for board in boards]
    with ThreadPoolExecutor(4) as handshakes:
        tablets = [
            SimulatedTablet(place.identities / name, place.desk.authority, place.broker_port, handshakes)
            for name in place.devices()
        ]
        lives = [asyncio.create_task(tablet.live()) for tablet in tablets]
        await asyncio.gather(*(tablet.linked.wait() for tablet in tablets))
        await asyncio.gather(*(board.is_open.wait() for board in boards))
        each_kb = (pss_mib(pages) - at_rest_mib) * 1024 / len(boards)
        first, all_of_them = [], []
        for number, tablet in enumerate(tablets, start=1):
            took = await _press(tablet, boards, number)
            for ended in (task for task in listening if task.done()):
                ended.result()
            first += took
            all_of_them.append(max(took))
            await asyncio.sleep(REST_S)
        for task in (*lives, *listening):
            task.cancel()
        await asyncio.gather(*lives, *listening, return_exceptions=True)
    return {
        "press_to_board_p50": {"ours": round(percentile(first, 50), 3), "unit": "s"},
        "press_to_all_boards_p95": {"ours": round(percentile(all_of_them, 95), 3), "unit": "s"},
        "memory_per_open_board_kb": {"ours": round(each_kb), "unit": "kB"},
    }


async def _press(tablet: SimulatedTablet, boards: list["Board"], number: int) -> list[float]:
    """Press for help; return after how long each board showed so many requests."""
    began_s = time.monotonic()
    press = asyncio.create_task(tablet.press())
    waits = [asyncio.create_task(board.shows(number)) for board in boards]
    done, late = await asyncio.wait(waits, timeout=PATIENCE_S)
    for task in late:
        task.cancel()
    await press
    return [task.result() - began_s for task in done] + [PATIENCE_S] * len(late)


class Board:
    """What the page of one signed-in browser asks for; as the page does, one request of a kind at a time."""

    def __init__(self, port: int, session: str) -> None:
        self.is_open = asyncio.Event()
        self._port, self._session = port, session
        self._shown = 0
        self._seen: dict[str, str] = {}
        self._changed = asyncio.Condition()

    async def listen(self) -> None:
        """Follow the live stream, and ask for what may have changed."""
        reader, writer = await self._connect(LONGEST_LINE_BYTES)
        wanted = {path: asyncio.Event() for path in (LIST, NUMBER)}
        writer.write(self._head(f"/live/?part={LIST}&part={NUMBER}"))
        try:
            async with asyncio.TaskGroup() as asking:
                tasks = [asking.create_task(self._ask(path, bell)) for path, bell in wanted.items()]
                while line := await reader.readline():
                    if line.startswith(b": here"):
                        self.is_open.set()
                    elif line.startswith(b'data: {"subject": "help"'):
                        parts = {part["url"]: part for part in json.loads(line[5:])["parts"]}
                        for path, bell in wanted.items():
                            if path not in parts or not await self._draws(path, parts[path]):
                                bell.set()
                for task in tasks:
                    task.cancel()
        finally:
            writer.close()

    async def shows(self, number: int) -> float:
        """Return when the board showed so many requests."""
        async with self._changed:
            await self._changed.wait_for(lambda: self._shown >= number)
        return time.monotonic()

    async def _draws(self, path: str, part: dict[str, str]) -> bool:
        """Show a part that the stream has brought; False if it must be asked for."""
        html = part.get("html")
        if html is None:
            return part["digest"] == self._seen.get(path)
        self._seen[path] = part["digest"]
        await self._show(path, html.encode())
        return True

    async def _show(self, path: str, html: bytes) -> None:
        if path == LIST and html:
            async with self._changed:
                self._shown = html.count(b'<li class="request')
                self._changed.notify_all()

    async def _ask(self, path: str, bell: asyncio.Event) -> None:
        reader, writer = await self._connect()
        used_s = time.monotonic()
        while True:
            await bell.wait()
            bell.clear()
            if time.monotonic() - used_s > KEPT_S:
                writer.close()
                reader, writer = await self._connect()
            writer.write(self._head(path))
            headers, body = await _answer(reader)
            used_s = time.monotonic()
            self._seen[path] = headers.get("x-digest", self._seen.get(path, ""))
            await self._show(path, body)

    async def _connect(self, limit_bytes: int = 2**16) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection("127.0.0.1", self._port, limit=limit_bytes)

    def _head(self, path: str) -> bytes:
        seen = f"X-Seen: {self._seen[path]}\r\n" if self._seen.get(path) else ""
        lines = f"Host: localhost\r\nCookie: sessionid={self._session}\r\nHX-Request: true\r\nX-Rings: 1\r\n"
        return f"GET {path} HTTP/1.1\r\n{lines}{seen}\r\n".encode()


async def _answer(reader: asyncio.StreamReader) -> tuple[dict[str, str], bytes]:
    """Read one answer with a length."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
    pairs = (line.partition(":") for line in head[1:] if ":" in line)
    headers = {name.lower(): value.strip() for name, _colon, value in pairs}
    if " 20" not in head[0]:
        raise SystemExit(f"A board was answered {head[0]}.")
    return headers, await reader.readexactly(int(headers.get("content-length", "0")))


if __name__ == "__main__":
    main()
