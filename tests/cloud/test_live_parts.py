"""Parts of pages that the live stream brings: to whom, how often they are drawn, and who is not sent them."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.db import connection, connections
from django.template import TemplateSyntaxError
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cloud.desk import live_parts
from cloud.desk.live_parts import Parts, Rounds, Sender, Viewer
from cloud.help import shared_parts
from cloud.help.device_events import handle
from cloud.help.models import HelpRequest
from cloud.organisations.models import Grant, User
from cloud.organisations.roles import Role
from device.contract.events import HelpRaised
from tests.cloud.homes import Home, make_home, make_user
from tests.cloud.test_help_board import event

LIST, NUMBER = "/help/requests/", "/help/count/"
BOTH = frozenset({LIST, NUMBER})

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def home(transactional_db: None) -> Home:
    """A home whose resident has pressed."""
    made = make_home("Lehmus")
    HelpRequest.objects.all().delete()
    handle(made.device, event(HelpRaised(help_id="h1", source="screen")))
    return made


def viewer(user: User, shows: frozenset[str] = BOTH, language: str = "en") -> Viewer:
    """A browser in which this user has signed in."""
    browser = Client()
    browser.force_login(user)
    return Viewer(browser.cookies["sessionid"].value, language, shows)


def drawn(*viewers: Viewer) -> list[Parts | None]:
    """What each is brought when all hear of a change at the same moment."""

    async def round_of_all() -> list[Parts | None]:
        rounds = Rounds("help")
        return await asyncio.gather(*(rounds.draw(each) for each in viewers))

    return asyncio.run(round_of_all())


def test_a_nurse_is_brought_the_list_and_the_number_that_the_pages_would_get(home: Home) -> None:
    """What comes with the stream is to the letter what the page would be answered."""
    nurse = viewer(home.user)
    [parts] = drawn(nurse)
    assert parts is not None
    browser = Client(headers={"HX-Request": "true"})
    browser.cookies["sessionid"] = nurse.session_key
    assert parts == {url: browser.get(url).content.decode() for url in (LIST, NUMBER)}
    assert 'data-untaken="1"' in parts[NUMBER]


def test_only_what_the_browser_shows_is_sent(home: Home) -> None:
    """A page that shows no board gets the number alone; an address that is no part gets nothing."""
    assert [set(parts or {}) for parts in drawn(viewer(home.user, frozenset({NUMBER, "/residents/"})))] == [
        {NUMBER}
    ]


def test_each_gets_their_own_language(home: Home) -> None:
    """The user's language, and the browser's where the user has chosen none."""
    swede = make_user(home.organisation, "Svea", language="sv")
    User.objects.filter(pk=home.user.pk).update(language="")
    own, other = drawn(viewer(swede, language="fi"), viewer(home.user, language="da"))
    assert own is not None
    assert other is not None
    assert "väntar" in own[NUMBER]
    assert "venter" in other[NUMBER]


@pytest.mark.requirement("V27")
def test_a_nurse_sees_only_their_own_houses(home: Home) -> None:
    """Those of another organisation hear nothing of this one (V27)."""
    stranger = make_home("Kuusi")
    HelpRequest.objects.filter(organisation=stranger.organisation).delete()
    [parts] = drawn(viewer(stranger.user))
    assert parts is not None
    assert 'data-untaken="0"' in parts[NUMBER]
    assert "Lehmus" not in parts[LIST]


def test_who_has_taken_a_request_asks_for_their_own_list(home: Home) -> None:
    """Their list has buttons of their own; the number is everybody's."""
    other = make_user(home.organisation, "Mikael")
    HelpRequest.objects.update(taken_by=home.user, taken_at="2026-01-01T12:00:00Z")
    mine, theirs = drawn(viewer(home.user), viewer(other))
    assert mine is not None
    assert theirs is not None
    assert set(mine) == {NUMBER}
    assert set(theirs) == {LIST, NUMBER}


def sign_out(home: Home, nurse: Viewer) -> None:
    browser = Client()
    browser.cookies["sessionid"] = nurse.session_key
    browser.post("/sign-out/")


def lock(home: Home, _nurse: Viewer) -> None:
    User.objects.filter(pk=home.user.pk).update(is_active=False)


def change_the_password(home: Home, _nurse: Viewer) -> None:
    home.user.set_password("Uusi ja parempi 7!")
    home.user.save()


@pytest.mark.requirement("K14")
@pytest.mark.parametrize("end", [sign_out, lock, change_the_password])
def test_a_session_that_has_ended_is_brought_nothing(home: Home, end: Callable[[Home, Viewer], None]) -> None:
    """In the same moment, though the stream began before."""
    nurse = viewer(home.user)
    end(home, nurse)
    assert drawn(nurse) == [None]


@pytest.mark.requirement("K14")
def test_a_role_that_is_taken_away_ends_at_once(home: Home) -> None:
    """Who may not answer help any more is brought no part of it; their page asks, and is refused."""
    nurse = viewer(home.user)
    Grant.objects.filter(user=home.user).delete()
    home.user.give([Role.AUDITOR], home.organisation)
    assert drawn(nurse) == [{}]


def test_forty_boards_read_as_much_as_two(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sessions are read at once, and the list once for all who see the same."""
    nurses = [viewer(make_user(home.organisation, f"Nurse {number}")) for number in range(40)]
    monkeypatch.setattr(connections, "close_all", lambda: None)

    def queries_of(some: list[Viewer]) -> int:
        with CaptureQueriesContext(connection) as asked:
            found = live_parts._draw_all("help", some)
        assert len({json.dumps(parts) for parts in found.values()}) == 1
        return len(asked)

    assert queries_of(nurses) == queries_of(nurses[:2])


def test_a_part_that_cannot_be_drawn_is_asked_for(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """The stream goes on, and the page hears of the change."""

    def fail(*_arguments: object) -> str:
        raise TemplateSyntaxError

    monkeypatch.setattr(shared_parts, "render_to_string", fail)
    assert drawn(viewer(home.user)) == [{}]


def test_a_part_that_is_as_it_was_is_named_by_its_digest() -> None:
    """A list is sent when it changes, not every time somebody looks."""
    sender = Sender()

    def parts(html: str) -> list[dict[str, str]]:
        data = sender.event("help", {LIST: html}).partition(b"data: ")[2]
        found: list[dict[str, str]] = json.loads(data)["parts"]
        return found

    [first], [again], [changed] = parts("one"), parts("one"), parts("two")
    assert first["html"] == "one"
    assert again == {"url": LIST, "digest": first["digest"]}
    assert changed["html"] == "two"


def test_who_hears_while_a_round_is_drawn_gets_the_next(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """A press between the reading for one and the news for another is in what the other gets."""
    nurse, other = viewer(home.user), viewer(make_user(home.organisation, "Mikael"))

    async def story() -> list[Any]:
        rounds, began = Rounds("help"), asyncio.Event()
        loop, draw_all = asyncio.get_running_loop(), live_parts._draw_all
        may_end = asyncio.Event()

        def slowly(subject: str, viewers: list[Viewer]) -> Any:
            found = draw_all(subject, viewers)
            loop.call_soon_threadsafe(began.set)
            asyncio.run_coroutine_threadsafe(may_end.wait(), loop).result(20)
            return found

        monkeypatch.setattr(live_parts, "_draw_all", slowly)
        first = asyncio.create_task(rounds.draw(nurse))
        await began.wait()
        await sync_to_async(HelpRequest.objects.all().delete)()
        second = asyncio.create_task(rounds.draw(other))
        await asyncio.sleep(0)
        may_end.set()
        return [await first, await second]

    before, after = asyncio.run(story())
    assert 'data-untaken="1"' in before[NUMBER]
    assert 'data-untaken="0"' in after[NUMBER]
