"""How soon a message that somebody sends at the desk is on the screen, at so many a minute.

Everything in between is real: the desk's page, database, link worker and broker. The tablets are simulated;
they report each document as painted when it arrives.
"""

import asyncio
import random
import re
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import msgspec

from device.contract.documents import Document
from device.contract.messages import MessagePlan
from provisioning.demo.simulated import SimulatedTablet
from tests.bench.fleet.place import FleetDesk
from tests.bench.screen.figures import percentile

SENDERS = 6
PATIENCE_S = 30.0
RESIDENTS = """
import json
from cloud.devices.models import Device
print(json.dumps(dict(Device.objects.exclude(resident=None).values_list("pk", "resident"))))
"""


def measure(folder: Path, tablets: int, a_minute: int, seconds: int) -> dict[str, float]:
    """Return the percentiles in seconds, and what never came."""
    with FleetDesk(folder, tablets) as place:
        place.desk.escalation.start()
        try:
            return asyncio.run(_measure(place, a_minute / 60, seconds))
        finally:
            place.desk.escalation.stop()


class _Screens:
    """When each message was sent, and how long until its document was painted."""

    def __init__(self) -> None:
        self.sent_s: dict[str, float] = {}
        self.took_s: list[float] = []

    def painted(self, name: Document, body: bytes) -> None:
        if name == "messages":
            for message in msgspec.json.decode(body, type=MessagePlan).messages:
                if (sent_s := self.sent_s.pop(message.title, None)) is not None:
                    self.took_s.append(time.monotonic() - sent_s)


async def _measure(place: FleetDesk, per_s: float, seconds: int) -> dict[str, float]:
    desk, screens = place.desk, _Screens()
    residents: dict[str, int] = msgspec.json.decode(desk.run("shell", "-v", "0", "-c", RESIDENTS))
    with ThreadPoolExecutor(4) as handshakes:
        names = place.devices()
        tablets = [
            SimulatedTablet(place.identities / name, desk.authority, place.broker_port, handshakes)
            for name in names
        ]
        for tablet in tablets:
            tablet.when_painted = screens.painted
        lives = [asyncio.create_task(tablet.live()) for tablet in tablets]
        await asyncio.gather(*(tablet.linked.wait() for tablet in tablets))
        account = desk.prepare().seed["accounts"][0]
        count = await _send_all(
            desk.url, account, [residents[name] for name in names], screens, per_s, seconds
        )
        ends_s = time.monotonic() + PATIENCE_S
        while screens.sent_s and time.monotonic() < ends_s:
            await asyncio.sleep(0.1)
        for life in lives:
            life.cancel()
        await asyncio.gather(*lives, return_exceptions=True)
    took_s = screens.took_s + [PATIENCE_S] * len(screens.sent_s)
    return {
        "due_to_screen_p50_s": round(percentile(took_s, 50), 3),
        "due_to_screen_p95_s": round(percentile(took_s, 95), 3),
        "sent_to_screens": count,
        "sent_a_minute": round(per_s * 60),
        "never_on_screen": len(screens.sent_s),
    }


async def _send_all(
    url: str, account: dict[str, str], residents: list[int], screens: _Screens, per_s: float, seconds: int
) -> int:
    """Send at random moments, as many as that in the whole, by several people at the desk."""
    async with httpx.AsyncClient(base_url=url, timeout=30, trust_env=False) as client:
        page = await client.get("/sign-in/")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
        assert token
        fields = {"username": account["user"], "password": account["password"], "next": ""}
        await client.post("/sign-in/", data=fields | {"csrfmiddlewaretoken": token[1]})
        hands = asyncio.Semaphore(SENDERS)

        async def send(number: int) -> None:
            async with hands:
                title = f"Bench {number}"
                screens.sent_s[title] = time.monotonic()
                path = f"/residents/{random.choice(residents)}/messages/send/"
                header = {"X-CSRFToken": client.cookies["csrftoken"]}
                answer = await client.post(path, data={"title": title, "body": "Hei"}, headers=header)
                assert answer.status_code == 302, answer.text[:500]

        under_way, began_s, number = [], time.monotonic(), 0
        while time.monotonic() < began_s + seconds:
            await asyncio.sleep(random.expovariate(per_s))
            under_way.append(asyncio.create_task(send(number)))
            number += 1
        await asyncio.gather(*under_way)
    return number
