"""What the device did by its own modem, at the desk: who was written to, and who goes."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from cloud.help import board, runner, unproven
from cloud.help.device_events import handle
from cloud.help.models import HelpRequest, HelpStep
from device.contract.events import (
    Happening,
    HelpPressedAgain,
    HelpRaised,
    HelpSentBySms,
    HelpTakenBySms,
    WireEvent,
)
from tests.cloud.homes import Home, make_user

pytestmark = [pytest.mark.requirement("K3"), pytest.mark.postgresql]


def happens(home: Home, what: Happening, sequence: int = 1) -> None:
    """Send an event of the device."""
    at = timezone.now()
    handle(
        home.device,
        WireEvent(
            sequence=sequence, boot_id="b", monotonic_s=1, happened_at=at, clock_trusted=True, what=what
        ),
    )


def page(desk: Client) -> str:
    return " ".join(desk.get("/help/requests/").content.decode().split())


def test_who_answers_the_text_message_has_taken_it(desk: Client, home: Home) -> None:
    """The board shows the name, escalation stops, and the device is not sent what it knows."""
    happens(home, HelpTakenBySms(help_id=home.help.help_id, name="Leena <3"))
    assert "Leena &lt;3 is on the way" in page(desk)
    assert "Leena &lt;3 goes: answered the device" in page(desk)
    assert list(runner.due(timezone.now() + timedelta(hours=1))) == []
    assert home.device.commands.count() == 0


@pytest.mark.parametrize("confirmed_by", ["nobody", "taken over", "arrived", "closed"])
def test_the_desk_goes_on_unless_somebody_confirms_the_answer(
    desk: Client, home: Home, confirmed_by: str
) -> None:
    """A number can be forged: after 15 minutes the request waits again, once, and so does the ladder."""
    happens(home, HelpTakenBySms(help_id=home.help.help_id, name="Leena"))
    match confirmed_by:
        case "taken over":
            board.take_over(home.help.pk, home.user)
        case "arrived":
            board.arrive(home.help.pk, home.user)
        case "closed":
            board.close(home.help.pk, home.user, HelpRequest.Outcome.HELPED)
    now = timezone.now()
    assert unproven.go_on(now + unproven.HOLDS - timedelta(minutes=1)) == 0
    later = now + unproven.HOLDS + timedelta(seconds=1)
    assert unproven.go_on(later) == (confirmed_by == "nobody")
    assert unproven.go_on(later) == 0
    is_waiting = board.untaken(home.user).count() == 1
    assert is_waiting == (confirmed_by == "nobody")
    assert (list(runner.due(later)) == [home.help.pk]) == is_waiting
    assert ("Nobody has confirmed that Leena is there" in page(desk)) == is_waiting


def test_who_answers_again_has_taken_it_again(home: Home) -> None:
    """And that answer holds as long as the first."""
    happens(home, HelpTakenBySms(help_id=home.help.help_id, name="Leena"))
    first = timezone.now() + unproven.HOLDS + timedelta(seconds=1)
    unproven.go_on(first)
    happens(home, HelpTakenBySms(help_id=home.help.help_id, name="Leena"), sequence=2)
    home.help.refresh_from_db()
    assert home.help.taker == "Leena"
    assert unproven.go_on(first + unproven.HOLDS) == 1


def test_a_nurse_reads_who_was_faster_by_text_message(desk: Client, home: Home) -> None:
    """Taken is taken, whatever way it was."""
    happens(home, HelpTakenBySms(help_id=home.help.help_id, name="Leena"))
    desk.post(f"/help/{home.help.pk}/take/")
    assert "Leena has already taken this." in desk.get("/help/").content.decode()
    desk.post(f"/help/{home.help.pk}/close/", {"outcome": "helped"})
    home.help.refresh_from_db()
    assert home.help.closed_by == home.user


def test_the_nurse_who_was_first_stays(home: Home) -> None:
    """A contact who answers later is in the log, not in the nurse's place."""
    board.take(home.help.pk, home.user)
    happens(home, HelpTakenBySms(help_id=home.help.help_id, name="Leena"))
    home.help.refresh_from_db()
    assert home.help.taker == str(home.user)
    assert HelpStep.objects.filter(request=home.help, who="Leena", kind="taken").exists()


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        ("sent", "Leena was sent a text message"),
        ("delivered", "Leena has the device"),
        ("failed", "Leena could not be sent a text message"),
    ],
)
def test_each_text_message_is_in_the_log(desk: Client, home: Home, outcome: str, words: str) -> None:
    """Also when it could not be sent; the same event twice is one line."""
    report = HelpSentBySms(help_id=home.help.help_id, name="Leena", outcome=outcome)  # type: ignore[arg-type]
    for _ in range(2):
        happens(home, report)
    assert page(desk).count(words) == 1


def test_text_messages_do_not_stop_the_ladder(home: Home) -> None:
    """Somebody who was written to has not answered."""
    happens(home, HelpSentBySms(help_id=home.help.help_id, name="Leena", outcome="delivered"))
    assert list(runner.due(timezone.now() + timedelta(seconds=61))) == [home.help.pk]


def test_words_of_a_request_that_was_not_heard_of_are_not_lost(desk: Client, home: Home) -> None:
    """The report of an SMS arrives before the press itself: one request, which the press completes."""
    HelpRequest.objects.all().delete()
    happens(home, HelpSentBySms(help_id="early", name="Leena", outcome="sent"))
    happens(home, HelpRaised(help_id="early", source="pendant"), sequence=2)
    assert HelpRequest.objects.filter(help_id="early").count() == 1
    assert "Leena was sent a text message" in page(desk)


@pytest.mark.requirement("V27")
def test_a_device_cannot_speak_for_another(home: Home, foreign: Home) -> None:
    """A device that names another's request changes nothing there."""
    happens(home, HelpTakenBySms(help_id=foreign.help.help_id, name="Leena"))
    foreign.help.refresh_from_db()
    assert foreign.help.taken_at is None
    assert not HelpStep.objects.filter(request=foreign.help, who="Leena").exists()


def test_the_press_is_the_first_line(desk: Client, home: Home) -> None:
    """Pressed, then received: the log begins where it began."""
    HelpRequest.objects.all().delete()
    happens(home, HelpRaised(help_id="h", source="pendant"))
    steps = HelpStep.objects.filter(request__help_id="h").order_by("at", "pk")
    assert [step.kind for step in steps] == ["raised", "received"]
    assert "Pressed: the pendant." in page(desk)


def test_a_name_that_a_database_cannot_store_is_kept_as_far_as_it_can(home: Home) -> None:
    """A zero byte in a name is replaced, not refused."""
    happens(home, HelpTakenBySms(help_id=home.help.help_id, name="A\0B"))
    home.help.refresh_from_db()
    assert home.help.taker == "A\ufffdB"


def pressed_again(home: Home, *, after: timedelta) -> WireEvent:
    """A press that the device took for one of its open request, so long after the desk had closed that."""
    closed_at = HelpRequest.objects.get(pk=home.help.pk).closed_at or timezone.now()
    what = HelpPressedAgain(help_id=home.help.help_id, press_id="press-2", source="button")
    return WireEvent(
        sequence=2, boot_id="b", monotonic_s=1, happened_at=closed_at + after, clock_trusted=True, what=what
    )


def close(home: Home) -> None:
    user = make_user(home.organisation)
    board.take(home.help.pk, user)
    board.close(home.help.pk, user, HelpRequest.Outcome.HELPED)


def last_said(home: Home) -> dict[str, Any]:
    """Return the last update of the request that was sent to the device."""
    bodies = [command.body for command in home.device.commands.all()]
    about_it = [body for body in bodies if body["help_id"] == home.help.help_id]
    return max(about_it, key=lambda body: int(body["number"]))


def test_a_press_after_the_closing_that_the_device_had_not_heard_of_is_a_new_request(
    home: Home,
) -> None:
    """It is on the board with an escalation of its own, and the device gets its updates."""
    close(home)
    handle(home.device, pressed_again(home, after=timedelta(seconds=1)))
    handle(home.device, pressed_again(home, after=timedelta(seconds=1)))
    again = HelpRequest.objects.get(closed_at=None)
    assert (again.help_id, again.source) == ("press-2", "button")
    received = last_said(home)
    assert received["stage"] == "received"
    happens(home, HelpTakenBySms(help_id=home.help.help_id, name="Leena"), sequence=3)
    again.refresh_from_db()
    assert again.taken_name == "Leena"
    taken = last_said(home)
    assert (taken["stage"], taken["by"]) == ("taken", "Leena")
    assert taken["number"] > received["number"]


def test_a_press_before_the_closing_is_no_new_request(home: Home) -> None:
    """The nurse has been there since."""
    close(home)
    handle(home.device, pressed_again(home, after=timedelta(seconds=-1)))
    assert not HelpRequest.objects.filter(closed_at=None).exists()


def test_a_press_while_it_is_open_is_a_step(home: Home) -> None:
    """The board says that the resident pressed again."""
    handle(home.device, pressed_again(home, after=timedelta()))
    assert HelpRequest.objects.get(closed_at=None) == home.help
    assert home.help.steps.filter(way="again").count() == 1
