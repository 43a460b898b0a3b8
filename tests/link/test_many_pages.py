"""Many open pages that all ask at once, of a real process on a real database."""

import asyncio
from collections import Counter
from collections.abc import Callable
from contextlib import AsyncExitStack

import httpx
import pytest
from django.core import signing
from django.db import connection
from django.test import Client

from cloud.desk.management.commands.serve import MOST_CONNECTIONS, WAIT_FOR_CONNECTION_S
from cloud.devices.models import Device
from cloud.devices.remote_view_views import SALT
from cloud.organisations.models import Organisation, User
from cloud.organisations.roles import Role
from provisioning.demo.ports import a_free_port, answers
from tests.link.desk_process import DeskProcess
from tests.link.waiting import eventually

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]

# More than the connections that PostgreSQL allows to all processes together.
BOARDS = 120


@pytest.mark.requirement("K3")
def test_more_boards_than_connections_are_all_answered(
    desk_command: Callable[..., DeskProcess], organisation: Organisation
) -> None:
    """When every board asks at once, none gets an error, and the database has room for others."""
    session = _session_of(_nurse(organisation))
    port = a_free_port()
    desk_command("serve", "pages", "--port", str(port))
    eventually(lambda: answers(port), "the desk answers")
    statuses = asyncio.run(_ask_all_at_once(f"http://localhost:{port}", session))
    assert statuses == {200: BOARDS}
    assert _connections() <= MOST_CONNECTIONS + 1


@pytest.mark.requirement("K3")
def test_screens_that_are_looked_at_leave_room_for_the_board(
    desk_command: Callable[..., DeskProcess], organisation: Organisation
) -> None:
    """More remote views are open than there are connections; the board is answered as ever."""
    nurse = _nurse(organisation)
    device = Device.objects.create(id="aaaaaaaaaaaaaaaa", organisation=organisation)
    session, token = _session_of(nurse), signing.dumps([device.pk, nurse.pk], salt=SALT)
    port = a_free_port()
    desk_command("serve", "pages", "--port", str(port))
    eventually(lambda: answers(port), "the desk answers")
    view = f"/devices/{device.pk}/remote-view/stream/?pass={token}"
    asyncio.run(_look_and_ask(f"http://localhost:{port}", session, view))


async def _look_and_ask(desk: str, session: str, view: str) -> None:
    async with AsyncExitStack() as open_views, _browser(desk, session) as browser:
        views = [
            await open_views.enter_async_context(browser.stream("GET", view))
            for _ in range(MOST_CONNECTIONS + 4)
        ]
        looking = [each.aiter_bytes() for each in views]
        # Each says that it waits for the picture: it has asked the database.
        await asyncio.gather(*map(anext, looking))
        answer = await browser.get("/help/requests/", timeout=WAIT_FOR_CONNECTION_S / 2)
        assert answer.status_code == 200


def _browser(desk: str, session: str) -> httpx.AsyncClient:
    limits = httpx.Limits(max_connections=BOARDS)
    return httpx.AsyncClient(base_url=desk, cookies={"sessionid": session}, limits=limits, timeout=60)


def _nurse(organisation: Organisation) -> User:
    nurse = User.objects.create(username="anna", organisation=organisation)
    nurse.give([Role.NURSE], organisation)
    return nurse


def _session_of(user: User) -> str:
    browser = Client()
    browser.force_login(user)
    return browser.cookies["sessionid"].value


async def _ask_all_at_once(desk: str, session: str) -> Counter[int]:
    """Return how often which status was the answer, to one connection for each board."""
    async with _browser(desk, session) as browser:
        # A session is written once, at its first page.
        assert (await browser.get("/help/")).status_code == 200
        given = await asyncio.gather(*(browser.get("/help/requests/") for _ in range(BOARDS)))
    return Counter(answer.status_code for answer in given)


def _connections() -> int:
    """Return how many connections the database has, this test's own too; SQLite does not count them."""
    if connection.vendor != "postgresql":
        return 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
        return int(cursor.fetchone()[0])
