"""Many open pages that all ask at once, of a real process on a real database."""

import asyncio
from collections import Counter
from collections.abc import Callable

import httpx
import pytest
from django.db import connection
from django.test import Client

from cloud.desk.management.commands.serve import MOST_CONNECTIONS
from cloud.organisations.models import Organisation, User
from cloud.organisations.roles import Role
from provisioning.demo.ports import a_free_port, answers
from tests.link.desk_process import DeskProcess
from tests.link.waiting import eventually

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]

# More than the connections that PostgreSQL allows to all processes together.
BOARDS = 150


@pytest.mark.requirement("K3")
def test_more_boards_than_connections_are_all_answered(
    desk_command: Callable[..., DeskProcess], organisation: Organisation
) -> None:
    """When every board asks at once, none gets an error, and the database has room for others."""
    session = _signed_in(organisation)
    port = a_free_port()
    desk_command("serve", "pages", "--port", str(port))
    eventually(lambda: answers(port), "the desk answers")
    statuses = asyncio.run(_ask_all_at_once(f"http://localhost:{port}", session))
    assert statuses == {200: BOARDS}
    assert _connections() <= MOST_CONNECTIONS + 1


def _signed_in(organisation: Organisation) -> str:
    """Return the session of a nurse."""
    nurse = User.objects.create(username="anna", organisation=organisation)
    nurse.give([Role.NURSE], organisation)
    browser = Client()
    browser.force_login(nurse)
    return browser.cookies["sessionid"].value


async def _ask_all_at_once(desk: str, session: str) -> Counter[int]:
    """Return how often which status was the answer, to one connection for each board."""
    limits = httpx.Limits(max_connections=BOARDS)
    async with httpx.AsyncClient(
        base_url=desk, cookies={"sessionid": session}, limits=limits, timeout=60
    ) as browser:
        given = await asyncio.gather(*(browser.get("/help/requests/") for _ in range(BOARDS)))
    return Counter(answer.status_code for answer in given)


def _connections() -> int:
    """Return how many connections the database has, this test's own too; SQLite does not count them."""
    if connection.vendor != "postgresql":
        return 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
        return int(cursor.fetchone()[0])
