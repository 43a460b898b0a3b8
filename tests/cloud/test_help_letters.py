"""The escalation's e-mails: retried, in the history, first in line, and sent only while they are wanted."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from cloud.delivery import outbox
from cloud.delivery.channel import channel_of
from cloud.delivery.models import Attempt, Delivery
from cloud.delivery.outbox import Address, Letter
from cloud.delivery.worker import ChannelWorker
from cloud.help import board
from tests.cloud.homes import Home
from tests.cloud.ladder_story import Story

pytestmark = [pytest.mark.postgresql, pytest.mark.requirement("K3"), pytest.mark.requirement("N5")]


@pytest.fixture
def story(home: Home) -> Story:
    """Nobody answers."""
    return Story(home)


@pytest.fixture
def no_server(settings: Any) -> None:
    """The desk's mail server cannot be reached."""
    settings.EMAIL_BACKEND = "cloud.desk.mail.EmailBackend"


def work(later: timedelta = timedelta()) -> None:
    """The worker of e-mail looks once, so much later."""
    channel = channel_of("email")
    assert channel
    worker = ChannelWorker(channel, lambda: timezone.now() + later)
    worker.turn()
    worker.close()


def test_it_goes_out_at_once_and_stands_in_the_history(story: Story) -> None:
    """No worker is waited for; the attempt is recorded, and nobody sends it a second time."""
    assert story.at(60) == [("Lehmus neighbour", "email", "sent")]
    row = Delivery.objects.get(about="help")
    assert (row.state, row.who, row.resident) == ("sent", "Lehmus neighbour", story.home.resident)
    assert Attempt.objects.get(delivery=row).is_sent
    work(timedelta(minutes=1))
    assert len(mail.outbox) == 1


def test_what_failed_is_tried_again_while_the_next_is_told_and_the_log_says_when_it_came_out(
    story: Story, desk: Client, no_server: None, settings: Any
) -> None:
    """A mail server that is away for a quarter of a minute costs nobody their message."""
    story.contact("Mikko")
    assert [outcome for _who, _way, outcome in story.at(60)] == ["failed", "failed", "failed"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    work(timedelta(seconds=16))
    assert {each.to[0] for each in mail.outbox} == {
        "neighbour@example.org", "Mikko@example.org", "partner@example.org"
    }  # fmt: skip
    assert set(story.steps().values_list("outcome", flat=True)) == {"sent"}
    page = desk.get("/help/requests/").content.decode()
    assert "Mikko was notified by e-mail." in page
    assert "could not be notified" not in page


def test_once_somebody_goes_nobody_else_is_told_of_it(story: Story, no_server: None, settings: Any) -> None:
    """What has not gone out yet is cancelled when the request is taken."""
    story.at(60)
    board.take(story.home.help.pk, story.home.user)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    work(timedelta(minutes=2))
    assert not mail.outbox
    assert set(Delivery.objects.filter(about="help").values_list("state", flat=True)) == {"cancelled"}


def test_a_later_round_does_not_pile_up_what_could_not_go_out(
    story: Story, no_server: None, settings: Any
) -> None:
    """When the mail server is back, everybody gets one message, however often the ladder began again."""
    for seconds in (60, 360, 660):
        story.at(seconds)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    work(timedelta(minutes=2))
    assert sorted(each.to[0] for each in mail.outbox) == ["neighbour@example.org", "partner@example.org"]


def test_help_goes_before_what_was_due_earlier(story: Story, no_server: None, settings: Any) -> None:
    """Of many messages that wait for the mail server, those about help are the first."""
    story.at(60)
    for number in range(8):
        to = [Address("email", f"n{number}@example.org")]
        letter = Letter(f"k{number}", "test", "N", "Menu", "Soup", to)
        outbox.put(story.home.organisation, letter, timezone.now() - timedelta(hours=1))
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    work(timedelta(minutes=1))
    first = [each.to[0] for each in mail.outbox[:2]]
    assert sorted(first) == ["neighbour@example.org", "partner@example.org"]
    assert len(mail.outbox) == 10


def test_an_escalation_that_dies_before_it_sends_leaves_the_message_to_a_worker(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message is saved before it is sent, and goes out a few seconds later."""

    def die(_row: Delivery) -> Delivery:
        raise SystemExit

    monkeypatch.setattr("cloud.help.letters.hand_over", die)
    with pytest.raises(SystemExit):
        story.at(60)
    work()
    assert not mail.outbox
    work(timedelta(seconds=6))
    assert [each.to for each in mail.outbox] == [["neighbour@example.org"]]
    assert story.steps().get().outcome == "sent"
