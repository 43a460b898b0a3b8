"""Guessing passwords many at a time, and locking a nurse out by guessing hers."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client

from cloud.organisations import throttle
from cloud.organisations.throttle import MOST_BY_ADDRESS, MOST_BY_NAME, MOST_BY_NAME_AND_ADDRESS
from tests.cloud.homes import PASSWORD, Home

pytestmark = pytest.mark.requirement("V7")


def sign_in(client: Client, home: Home, password: str, address: str = "192.0.2.1") -> bool:
    """Whether the desk is open after it."""
    data = {"username": home.user.username, "password": password}
    return client.post("/sign-in/", data, REMOTE_ADDR=address).status_code == 302


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_attempts_at_the_same_moment_are_not_more_than_one_after_the_other(home: Home) -> None:
    """Forty at once: no more passwords are tried than of five one by one."""

    def attempt(_number: int) -> bool:
        try:
            return throttle.begin(home.user.username, "192.0.2.9")
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        tried = sum(pool.map(attempt, range(40)))
    assert tried <= MOST_BY_NAME_AND_ADDRESS


def test_nobody_locks_a_nurse_out_of_the_browser_that_she_always_uses(client: Client, home: Home) -> None:
    """A hundred wrong passwords from everywhere, fifty from her own home: she comes in."""
    assert sign_in(client, home, PASSWORD)
    client.post("/sign-out/")
    for number in range(MOST_BY_NAME + 1):
        throttle.begin(home.user.username, f"198.51.100.{number}")
    for number in range(MOST_BY_ADDRESS + 1):
        throttle.begin(f"somebody{number}", "192.0.2.1")
    assert not sign_in(Client(), home, PASSWORD)
    assert sign_in(client, home, PASSWORD)


def test_a_known_browser_is_no_way_to_guess_more(client: Client, home: Home) -> None:
    """A stolen tablet with her browser has five tries, like any other; and none at a colleague's name."""
    assert sign_in(client, home, PASSWORD)
    client.post("/sign-out/")
    for _ in range(MOST_BY_NAME_AND_ADDRESS):
        assert not sign_in(client, home, "wrong password!")
    assert not sign_in(client, home, PASSWORD)
    assert throttle.known_browser(client.get("/sign-in/").wsgi_request, "a-colleague") == ""
