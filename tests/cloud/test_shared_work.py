"""What many pages ask for at one moment is read once, and nobody gets what is older than their request."""

import time
from typing import Any, cast

import pytest
from asgiref.sync import async_to_sync
from django.http import HttpRequest
from django.test import AsyncClient
from pytest_django import DjangoAssertNumQueries

from cloud.base.shared_work import ASKED_S, shared
from cloud.help import board
from cloud.organisations.models import User
from tests.cloud.homes import Home, make_user

LONG_AGO_S = 0.0


def asked(at_s: float) -> HttpRequest:
    request = HttpRequest()
    vars(request)["scope"] = {ASKED_S: at_s}
    return request


def test_a_result_serves_those_who_asked_before_it_was_begun() -> None:
    """Also with another key, and for a request whose coming is not known, the work is done anew."""
    made: list[int] = []

    def work() -> int:
        made.append(len(made))
        return made[-1]

    key, before_s = object(), time.monotonic()
    assert shared(asked(before_s), key, work) == 0
    assert shared(asked(before_s), key, work) == 0
    assert shared(asked(time.monotonic()), key, work) == 1
    assert shared(asked(before_s), object(), work) == 2
    assert shared(HttpRequest(), key, work) == 3


def browser_of(user: User, *, asked_s: float) -> AsyncClient:
    """A browser whose requests came at this moment of the monotonic clock."""
    browser: Any = AsyncClient()
    browser.force_login(user)
    answers = browser.handler

    async def handler(scope: dict[str, Any]) -> Any:
        return await answers({**scope, ASKED_S: asked_s})

    browser.handler = handler
    return cast(AsyncClient, browser)


def requests_part(user: User, *, asked_s: float) -> str:
    text: str = async_to_sync(browser_of(user, asked_s=asked_s).get)("/help/requests/").content.decode()
    return text


@pytest.mark.requirement("V27")
def test_boards_that_ask_together_share_the_list(
    home: Home, foreign: Home, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    """With a colleague of the same house; not with one of another house, or in another language."""
    first = requests_part(home.user, asked_s=time.monotonic())
    assert f"help-{home.help.pk}" in first
    colleague = make_user(home.organisation, "Bertta")
    browser = browser_of(colleague, asked_s=LONG_AGO_S)
    # A session is written once, with the first answer.
    async_to_sync(browser.get)("/help/count/")
    with django_assert_max_num_queries(2):
        assert async_to_sync(browser.get)("/help/requests/").content.decode() == first
    assert f"help-{home.help.pk}" not in requests_part(foreign.user, asked_s=LONG_AGO_S)
    colleague.language = "sv"
    colleague.save()
    assert "Tjänsten har tagit emot larmet" in requests_part(colleague, asked_s=LONG_AGO_S)


@pytest.mark.requirement("S1")
def test_each_nurse_of_a_shared_list_has_their_own_buttons(home: Home) -> None:
    """Whose request it is can give it back; the others can go instead."""
    colleague = make_user(home.organisation, "Bertta")
    board.take(home.help.pk, home.user)
    theirs = requests_part(colleague, asked_s=time.monotonic())
    own = requests_part(home.user, asked_s=LONG_AGO_S)
    assert "/take-over/" in theirs
    assert "/give-back/" not in theirs
    assert "/give-back/" in own
    assert "/take-over/" not in own
