"""Nobody answers at the desk: contacts and partner are notified, once each, and every step is logged."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier, Event, Lock, Thread

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cloud.help import board, open_boards, runner
from cloud.help.delivery import Message
from cloud.help.errors import Undeliverable
from cloud.help.models import HelpRequest, HelpStep, Partner
from cloud.help.watch import Watch
from cloud.people.models import EscalationContact
from tests.cloud.homes import Home, make_home, make_user
from tests.cloud.ladder_story import Story
from tests.link.waiting import eventually

pytestmark = [pytest.mark.requirement("K3"), pytest.mark.requirement("S1")]


@pytest.fixture
def story(home: Home) -> Story:
    """The home's request, which nobody answers."""
    return Story(home)


@pytest.fixture
def real_transactions(transactional_db: None) -> Iterator[None]:
    """For tests whose threads see each other's rows."""
    yield
    connection.close()


def page(desk: Client) -> str:
    return " ".join(desk.get("/help/requests/").content.decode().split())


@pytest.mark.requirement("S3")
def test_contacts_then_the_partner_then_again(story: Story) -> None:
    """Each after a minute, the partner after three, and the partner again every five minutes."""
    story.contact("Mikko")
    assert story.at(59) == []
    assert story.at(60) == [("Lehmus neighbour", "email", "sent")]
    assert story.at(119) == []
    assert story.at(120) == [("Mikko", "email", "sent")]
    assert story.at(180) == [("Lehmus partner", "email", "sent")]
    assert story.at(479) == []
    assert story.at(480) == [("Lehmus partner", "email", "sent")]
    assert [message.to for message in mail.outbox] == [
        ["neighbour@example.org"],
        ["Mikko@example.org"],
        ["partner@example.org"],
        ["partner@example.org"],
    ]


def test_mail_says_who_needs_help_and_that_nobody_answered(story: Story) -> None:
    """In the resident's language and by the resident's clock; the partner gets the contacts to call."""
    story.home.resident.view.language = "fi"
    story.home.resident.view.save()
    story.at(60)
    story.at(180)
    contact, partner = mail.outbox
    assert contact.subject == "Lehmus Virtanen tarvitsee apua"
    assert "11:00:00" in contact.body
    assert "+358401234567" not in contact.body
    assert "Lehmus neighbour: +358401234567" in partner.body


def test_names_cannot_forge_a_header(story: Story) -> None:
    """A line break in a name stays in the text of the mail."""
    story.home.resident.last_name = "X\nBcc: all@example.org"
    story.home.resident.save()
    assert story.at(60) == [("Lehmus neighbour", "email", "sent")]
    assert "\n" not in mail.outbox[0].subject
    assert mail.outbox[0].recipients() == ["neighbour@example.org"]


@pytest.mark.requirement("S7")
@pytest.mark.parametrize(
    ("received", "phone"),
    [
        (datetime(2026, 3, 27, 5, 30, tzinfo=UTC), "+2222"),
        (datetime(2026, 3, 30, 5, 30, tzinfo=UTC), "+1111"),
        (datetime(2026, 10, 26, 5, 30, tzinfo=UTC), "+2222"),
        (datetime(2026, 10, 26, 13, 58, 59, tzinfo=UTC), "+1111"),
        (datetime(2026, 10, 26, 13, 59, 0, tzinfo=UTC), "+2222"),
    ],
)
def test_the_number_is_the_one_that_holds_then(home: Home, received: datetime, phone: str) -> None:
    """Office or other number by the resident's clock at that time, before and after DST."""
    numbers = {"office_phone": "+1111", "other_phone": "+2222"}
    EscalationContact.objects.filter(pk=home.escalation_contact.pk).update(**numbers)
    story = Story(home, received)
    story.at(60)
    assert story.steps().get().phone == phone


def test_a_contact_without_an_address_costs_no_time(story: Story, desk: Client) -> None:
    """The next is notified in the same second, and the log says who was skipped and why."""
    EscalationContact.objects.update(email="")
    story.contact("Mikko")
    assert story.at(60) == [("Lehmus neighbour", "none", "failed"), ("Mikko", "email", "sent")]
    assert "Lehmus neighbour could not be notified: no e-mail address is known" in page(desk)
    assert "Mikko was notified by e-mail. · Number now: +3581" in page(desk)


def test_a_mail_server_that_refuses_is_in_the_log(story: Story, desk: Client, settings: object) -> None:
    """No mail server: everybody fails, the partner too, and the board says what is the matter."""
    settings.EMAIL_BACKEND = "cloud.desk.mail.EmailBackend"  # type: ignore[attr-defined]
    assert story.at(60) == [("Lehmus neighbour", "email", "failed"), ("Lehmus partner", "email", "failed")]
    assert "no mail server is set up" in page(desk)
    assert story.at(360) == [("Lehmus partner", "email", "failed"), ("Lehmus neighbour", "email", "failed")]


def test_a_mistake_of_ours_stops_nobody(story: Story) -> None:
    """An error that nobody foresaw is a failed step, and the next one follows at once."""

    def broken(message: Message) -> HelpStep.Outcome:
        if message.step.kind == "notified":
            raise KeyError("unforeseen")
        return HelpStep.Outcome.SENT

    assert story.at(60, broken) == [
        ("Lehmus neighbour", "email", "failed"),
        ("Lehmus partner", "email", "sent"),
    ]


def test_nobody_at_all_is_said_too(story: Story, desk: Client) -> None:
    """No contacts, no partner: the board says so in red instead of nothing."""
    EscalationContact.objects.all().delete()
    Partner.objects.all().delete()
    assert story.at(60) == [("", "none", "failed")]
    assert "The partner could not be notified: no monitoring partner is set" in page(desk)
    assert "exhausted" in page(desk)


def test_the_end_of_the_ladder_is_shown_in_red(story: Story, desk: Client) -> None:
    """From the partner on, until somebody takes it."""
    story.at(60)
    assert "exhausted" not in page(desk)
    story.at(180)
    assert "Still nobody has answered" in page(desk)
    board.take(story.home.help.pk, story.home.user)
    assert "exhausted" not in page(desk)


def test_the_log_shows_every_step(story: Story, desk: Client) -> None:
    """Who was notified when, and who answered, arrived, and closed it; also after it is closed."""
    story.at(60)
    for step in ("take", "arrive", "close"):
        desk.post(f"/help/{story.home.help.pk}/{step}/", {"outcome": "helped"})
    drawn = page(desk)
    for line in (
        "notified by e-mail",
        "Lehmusnurse goes.",
        "Lehmusnurse has arrived.",
        "Lehmusnurse has closed it.",
    ):
        assert line in drawn


def test_an_answer_ends_the_ladder(story: Story) -> None:
    """Nobody is notified of a request that a nurse has taken."""
    story.at(60)
    board.take(story.home.help.pk, story.home.user)
    assert story.at(10_000) == []


@pytest.mark.requirement("V11")
def test_a_wish_for_a_call_has_no_ladder(story: Story) -> None:
    """An urgent call notifies nobody, however long it waits: only help is escalated."""
    HelpRequest.objects.update(kind="urgent-call")
    assert story.at(10_000) == []


@pytest.mark.requirement("V27")
def test_partner_is_the_nearest_one_above(home: Home) -> None:
    """A sub-organisation without a partner has its host's, and strangers' partners are nobody's."""
    below = make_home("Alla", parent=home.organisation)
    Partner.objects.filter(organisation=below.organisation).delete()
    story = Story(below)
    story.at(60)
    assert story.at(180) == [("Lehmus partner", "email", "sent")]


def test_a_restart_goes_on_where_it_was(story: Story) -> None:
    """Nothing is kept but in the database: late steps are done once, the partner without delay."""
    story.contact("Mikko")
    story.at(60)
    assert story.at(400) == [("Mikko", "email", "sent"), ("Lehmus partner", "email", "sent")]
    assert story.at(401) == []


def test_a_runner_killed_in_between_is_noticed(story: Story, desk: Client) -> None:
    """A step that was begun and never finished counts as failed after a while; the next follows at once."""

    def killed(message: Message) -> HelpStep.Outcome:
        raise SystemExit

    with pytest.raises(SystemExit):
        story.at(60, killed)
    assert story.at(75) == []
    assert story.at(91) == [("Lehmus partner", "email", "sent")]
    assert "it may have gone out" in page(desk)
    assert mail.outbox[-1].to == ["partner@example.org"]


def test_what_comes_after_a_step_was_given_up_changes_nothing(story: Story) -> None:
    """The answer of a delivery that hung for too long does not turn the log round."""

    def hangs(message: Message) -> HelpStep.Outcome:
        HelpStep.objects.filter(pk=message.step.pk).update(outcome="failed", reason="unknown")
        return HelpStep.Outcome.SENT

    story.at(60, hangs)
    assert story.steps().order_by("pk")[0].outcome == "failed"


@pytest.mark.postgresql
def test_of_many_runners_one_does_each_step(real_transactions: None) -> None:
    """Four runners at the same moment: everybody gets one mail, and every step is once in the log."""
    story = Story(make_home("Lehmus"))
    story.contact("Mikko")
    story.clock.now_s = 200
    start, lock, notified = Barrier(4), Lock(), list[str]()

    def deliver(message: Message) -> HelpStep.Outcome:
        with lock:
            notified.append(message.email)
        return HelpStep.Outcome.SENT

    def run(_number: int) -> int:
        start.wait(10)
        try:
            return runner.advance(story.home.help.pk, story.clock, deliver)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(run, range(4)))
    assert sorted(notified) == ["neighbour@example.org", "partner@example.org"]
    assert sum(done) == story.steps().count() == 2


@pytest.mark.postgresql
def test_runners_that_fail_and_restart_at_once(real_transactions: None) -> None:
    """Two runners while all deliveries fail: still each rung once, down to the partner's last attempt."""
    story = Story(make_home("Lehmus"))
    for name in ("Mikko", "Sanna"):
        story.contact(name)

    def deliver(message: Message) -> HelpStep.Outcome:
        raise Undeliverable("broken")

    for seconds in range(60, 400, 20):
        story.clock.now_s = seconds
        threads = [Thread(target=_advance, args=(story, deliver)) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
    keys = list(story.steps().order_by("pk").values_list("target", "round"))
    assert len(set(keys)) == len(keys)
    assert [target for target, round_ in keys if round_ == 0][-1] == "partner"
    assert len(keys) == 8


def _advance(story: Story, deliver: runner.Deliver) -> None:
    try:
        runner.advance(story.home.help.pk, story.clock, deliver)
    finally:
        connection.close()


@pytest.mark.postgresql
def test_the_loop_notifies_by_itself(real_transactions: None) -> None:
    """The running command finds what is due, and stops on request."""
    home = make_home("Lehmus")
    story = Story(home)
    story.clock.now_s = 61
    stopping = Event()
    thread = Thread(target=Watch(story.clock).run, args=(stopping,))
    thread.start()
    try:
        eventually(lambda: story.steps().filter(outcome="sent").count() == 1, "the contact is notified")
    finally:
        stopping.set()
        thread.join(20)
    assert not thread.is_alive()
    assert mail.outbox[0].to == ["neighbour@example.org"]


def test_a_long_wait_does_not_fill_the_board(story: Story, desk: Client) -> None:
    """After hours only the newest steps are shown; notifications continue."""
    for round_ in range(20):
        story.at(180 + 300 * round_)
    assert page(desk).count("<time") == board.MOST_STEPS
    assert story.at(180 + 300 * 20) == [("Lehmus partner", "email", "sent")]


def test_every_nurse_of_the_home_sees_the_same_log(story: Story, client: Client) -> None:
    """The log is the same for every user of the home."""
    story.at(60)
    client.force_login(make_user(story.home.organisation, first_name="Mikael"))
    assert "notified by e-mail" in page(client)


def test_received_is_shown_by_the_desks_clock(home: Home) -> None:
    """A press of an hour ago that comes in now begins its minute now."""
    open_boards.heard(home.user, rings=True)
    HelpRequest.objects.filter(pk=home.help.pk).update(
        raised_at=timezone.now() - timedelta(hours=1), received_at=timezone.now()
    )
    runner.advance(home.help.pk, timezone.now)
    assert not HelpStep.objects.exclude(round=None).exists()
    assert list(runner.due(timezone.now())) == []


def test_those_who_wait_are_not_looked_at_all_the_time(story: Story) -> None:
    """One query for all of them, until a step may be due or something around them has changed."""
    quiet: runner.Quiet = {}
    story.contact("Mikko")
    story.at(10)
    pk, now = story.home.help.pk, story.clock()
    assert list(runner.due(now, quiet)) == []
    with CaptureQueriesContext(connection) as queries:
        assert list(runner.due(now + timedelta(seconds=1), quiet)) == []
    assert len(queries) == 1
    with CaptureQueriesContext(connection) as queries:
        assert list(runner.due(now + runner.LOOK_AGAIN, quiet)) == []
    assert len(queries) > 1
    later = now + timedelta(seconds=50)
    assert list(runner.due(later, quiet, {pk})) == []
    assert list(runner.due(later, quiet)) == [pk]
    quiet[pk] = later + timedelta(hours=1)
    assert list(runner.due(later, quiet)) == [pk], "the clock was set back"
    assert list(runner.due(now, quiet)) == []
    board.take(pk, story.home.user)
    assert list(runner.due(later, quiet)) == []
    assert quiet == {}


@pytest.mark.parametrize("minutes", [1, 60])
def test_how_often_the_partner_is_notified_again_is_a_setting(story: Story, minutes: int) -> None:
    """From every minute to every hour."""
    Partner.objects.update(again_min=minutes)
    story.at(60)
    story.at(180)
    assert story.at(180 + minutes * 60 - 1) == []
    assert story.at(180 + minutes * 60) == [("Lehmus partner", "email", "sent")]
