"""From a press to a name: requests arrive once, are answered by one, and the device is notified."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone, translation

from cloud.devices.models import Device, DeviceCommand
from cloud.help import board
from cloud.help.device_events import MOST_MERGED, handle
from cloud.help.models import HelpRequest
from cloud.notify import live_updates
from cloud.notify.hub import Hub
from cloud.organisations.models import User
from cloud.people.models import Resident
from device.contract.events import Happening, HelpRaised, Started, UrgentCallRequested, WireEvent
from tests.cloud.homes import Home, make_device, make_help, make_home, make_resident, make_user

pytestmark = pytest.mark.requirement("K3")


@pytest.fixture
def subjects(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the subjects of which pages were notified, after the commit; scheduled work has no pages."""
    subjects: list[str] = []

    def note(_hub: Hub, path: str, subject: str, *_rows: str) -> None:
        if path != live_updates.WORK:
            subjects.append(subject)

    monkeypatch.setattr(Hub, "tell_changed", note)
    return subjects


def event(what: Happening, *, clock_trusted: bool = True, ago: timedelta = timedelta()) -> WireEvent:
    """Return an event of a device."""
    return WireEvent(
        sequence=1,
        boot_id="b",
        monotonic_s=1.0,
        happened_at=timezone.now() - ago,
        clock_trusted=clock_trusted,
        what=what,
    )


def page(desk: Client) -> str:
    return " ".join(desk.get("/help/requests/").content.decode().split())


def issued(home: Home) -> list[tuple[str, str]]:
    """Return the commands sent to the device, in order."""
    return [
        (command.body["stage"], command.body["by"]) for command in home.device.commands.order_by("issued_at")
    ]


def closing(outcome: str = "helped", words: str = "") -> dict[str, str]:
    """What the page of closing sends."""
    return {"outcome": outcome, "outcome_words": words}


def stages(home: Home) -> list[tuple[str, int]]:
    """The stages that the device was sent, each with its number."""
    rows = home.device.commands.order_by("issued_at")
    return [(row.body["stage"], row.body.get("number", 0)) for row in rows]


def test_a_press_comes_in_once_however_often_it_arrives(
    home: Home, subjects: list[str], django_capture_on_commit_callbacks: object
) -> None:
    """The same id is one request, and pages are notified once."""
    HelpRequest.objects.all().delete()
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        for _ in range(3):
            handle(home.device, event(HelpRaised(help_id="h1", source="pendant")))
    request = HelpRequest.objects.get()
    assert (request.kind, request.source, request.resident) == ("help", "pendant", home.resident)
    assert subjects == ["help"]


@pytest.mark.requirement("V11")
def test_a_wish_for_a_call_is_on_the_board_too(desk: Client, home: Home) -> None:
    """The urgent-call button is a request of its own kind."""
    handle(home.device, event(UrgentCallRequested(request_id="w1")))
    assert "Asks for a call" in page(desk)


def test_other_events_are_none_of_the_boards(home: Home) -> None:
    """A start is no request."""
    handle(home.device, event(Started(version="1")))
    assert HelpRequest.objects.count() == 1


def test_closed_request_does_not_come_back(home: Home) -> None:
    """A press that is sent again after it was closed stays closed."""
    board.take(home.help.pk, home.user)
    board.close(home.help.pk, home.user, HelpRequest.Outcome.HELPED)
    handle(home.device, event(HelpRaised(help_id=home.help.help_id, source="screen")))
    home.help.refresh_from_db()
    assert home.help.closed_at


def test_take_arrive_close_tell_the_device_who(desk: Client, home: Home) -> None:
    """Each step goes to the screen with the nurse's first name, and holds for a day."""
    for step in ("take", "arrive", "close"):
        desk.post(f"/help/{home.help.pk}/{step}/", closing())
    assert issued(home) == [("taken", "Lehmusnurse"), ("arrived", "Lehmusnurse"), ("closed", "Lehmusnurse")]
    lifetimes = {command.expires_at - command.issued_at for command in DeviceCommand.objects.all()}
    assert all(timedelta(hours=23, minutes=59) < lifetime <= timedelta(hours=24) for lifetime in lifetimes)


def test_the_second_nurse_reads_who_was_first(desk: Client, home: Home) -> None:
    """A request that is taken stays with the one who took it; the other reads the name."""
    other = make_user(home.organisation, first_name="Mikael")
    board.take(home.help.pk, other)
    answer = desk.post(f"/help/{home.help.pk}/take/", HTTP_HX_REQUEST="true").content.decode()
    assert "Mikael has already taken this." in answer
    assert 'id="notices"' in answer
    home.help.refresh_from_db()
    assert home.help.taken_by == other
    assert issued(home) == [("taken", "Mikael")]


@pytest.mark.parametrize(
    "steps",
    [
        ["arrive"],
        ["close"],
        ["take", "arrive", "arrive"],
        ["take", "close", "close"],
        ["take", "close", "take"],
    ],
)
def test_steps_come_in_order(desk: Client, home: Home, steps: list[str]) -> None:
    """A step out of order changes nothing and sends the device nothing."""
    for step in steps[:-1]:
        desk.post(f"/help/{home.help.pk}/{step}/", closing())
    before = issued(home)
    desk.post(f"/help/{home.help.pk}/{steps[-1]}/", closing())
    assert issued(home) == before


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_of_two_who_press_at_once_one_wins(home: Home) -> None:
    """Two simultaneous transactions: one wins, the other gets the name, and the device gets one name."""
    nurses = [home.user, make_user(home.organisation, first_name="Mikael")]
    start = Barrier(len(nurses))

    def press(nurse: User) -> str:
        start.wait(10)
        try:
            with translation.override("en"):
                board.take(home.help.pk, nurse)
        except board.TooLate as late:
            return str(late)
        finally:
            connection.close()
        return "won"

    with ThreadPoolExecutor() as pool:
        answers = list(pool.map(press, nurses))
    winner = nurses[answers.index("won")]
    assert sorted(answers) == sorted(["won", f"{winner} has already taken this."])
    assert issued(home) == [("taken", winner.first_name)]


def test_nothing_is_sent_of_what_was_rolled_back(home: Home, subjects: list[str]) -> None:
    """After a rollback no page and no device is notified."""
    with transaction.atomic():
        board.take(home.help.pk, home.user)
        transaction.set_rollback(True)
    home.help.refresh_from_db()
    assert (home.help.taken_by, issued(home), subjects) == (None, [], [])


def test_who_has_waited_longest_is_first(desk: Client, home: Home) -> None:
    """Oldest first, answered or not."""
    for number, minutes in ((1, 5), (2, 15)):
        make_help(home.device, f"later{number}")
        received = timezone.now() - timedelta(minutes=minutes)
        HelpRequest.objects.filter(help_id=f"later{number}").update(received_at=received)
    order = [request.help_id for request in board.open_requests(home.user)]
    assert order == ["later2", "later1", home.help.help_id]


def test_waiting_counts_from_the_press_if_the_clock_was_right(home: Home) -> None:
    """A request that came in late has waited since the press, unless the device did not know the time."""
    one, two, three = (make_device(make_resident(home.organisation)) for _ in range(3))
    handle(one, event(HelpRaised(help_id="late", source="screen"), ago=timedelta(minutes=30)))
    handle(
        two,
        event(HelpRaised(help_id="lost", source="screen"), ago=timedelta(days=9000), clock_trusted=False),
    )
    handle(three, event(HelpRaised(help_id="ahead", source="screen"), ago=-timedelta(days=1)))
    late, lost, ahead = (HelpRequest.objects.get(help_id=id_) for id_ in ("late", "lost", "ahead"))
    assert late.received_at - late.waits_since >= timedelta(minutes=30)
    assert lost.waits_since == lost.received_at
    assert ahead.waits_since == ahead.received_at


def test_board_says_what_is_not_certain(desk: Client, home: Home) -> None:
    """An untrusted clock and a press from before the link came back are written out."""
    one, two = (make_device(make_resident(home.organisation)) for _ in range(2))
    handle(one, event(HelpRaised(help_id="late", source="button"), ago=timedelta(minutes=30)))
    handle(two, event(HelpRaised(help_id="lost", source="button"), clock_trusted=False))
    assert "the link was down" in page(desk)
    assert "did not know the time" in page(desk)


def test_count_of_the_menu(desk: Client, home: Home) -> None:
    """The menu counts who waits, and hides when nobody does."""
    assert 'data-untaken="1"' in desk.get("/help/count/").content.decode()
    board.take(home.help.pk, home.user)
    assert 'data-untaken="0" hidden' in desk.get("/help/count/").content.decode()


def test_closed_requests_stay_for_a_while(desk: Client, home: Home) -> None:
    """A closed request moves below with its time and nurse, and leaves after half a day."""
    board.take(home.help.pk, home.user)
    board.close(home.help.pk, home.user, HelpRequest.Outcome.HELPED)
    assert "Closed lately" in page(desk)
    past = timezone.now() - timedelta(hours=13)
    HelpRequest.objects.update(received_at=past, closed_at=past)
    assert "Closed lately" not in page(desk)


@pytest.mark.requirement("K21", "K3")
def test_pressed_again_is_the_same_request(desk: Client, home: Home) -> None:
    """A device has one open request; the news of it reaches the device under every id that it has given."""
    HelpRequest.objects.all().delete()
    home.user.last_name = "Nieminen"
    home.user.save()
    for number in range(3):
        for _ in range(2):
            handle(home.device, event(HelpRaised(help_id=f"h{number}", source="button")))
    request = HelpRequest.objects.get()
    assert page(desk).count("Pressed again.") == 2
    board.take(request.pk, home.user)
    ids = home.device.commands.values_list("body__help_id", flat=True)
    assert set(ids) == {"h0", "h1", "h2"}
    handle(home.device, event(HelpRaised(help_id="h3", source="pendant")))
    assert "h3" in set(home.device.commands.values_list("body__help_id", flat=True))
    assert set(home.device.commands.values_list("body__by", flat=True)) == {home.user.first_name}
    board.close(request.pk, home.user, HelpRequest.Outcome.HELPED)
    handle(home.device, event(HelpRaised(help_id="h4", source="button")))
    assert HelpRequest.objects.count() == 2


@pytest.mark.requirement("K21")
def test_a_thousand_presses_are_one_request_of_bounded_size(home: Home) -> None:
    """A stuck button, or a misbehaving tablet, fills nothing; updates follow its newest press."""
    HelpRequest.objects.all().delete()
    for number in range(200):
        handle(home.device, event(HelpRaised(help_id=f"h{number}", source="button")))
    request = HelpRequest.objects.get()
    assert (request.steps.count() < 60, request.merged.count()) == (True, MOST_MERGED)
    board.take(request.pk, home.user)
    assert "h199" in set(home.device.commands.values_list("body__help_id", flat=True))


@pytest.mark.requirement("K3")
def test_help_moves_with_the_resident(desk: Client, home: Home) -> None:
    """The device and what is open ring at the new home, what is pressed there too; what is over stays."""
    HelpRequest.objects.all().delete()
    over = make_help(home.device, "over", closed_at=timezone.now() + timedelta(seconds=5))
    open_ = make_help(home.device, "open")
    other = make_home("Toinen", home.organisation)
    fields = {"first_name": "Aino", "last_name": "Virtanen", "organisation": other.organisation.pk}
    stale = Device.objects.select_related("organisation").get(pk=home.device.pk)
    assert desk.post(f"/residents/{home.resident.pk}/", fields).status_code == 302
    handle(stale, event(UrgentCallRequested(request_id="after")))
    where = {row.help_id: row.organisation for row in HelpRequest.objects.filter(device=home.device)}
    assert where == {"over": home.organisation, "open": other.organisation, "after": other.organisation}
    assert {row.pk for row in board.open_requests(other.user)} >= {open_.pk}
    assert over.pk not in {row.pk for row in board.closed_requests(other.user)}


@pytest.mark.requirement("K3")
def test_the_board_names_who_is_there(desk: Client, home: Home) -> None:
    """Anna goes, Mikael is there: the board and the resident's screen say Mikael."""
    mikael = make_user(home.organisation, first_name="Mikael")
    board.take(home.help.pk, home.user)
    board.arrive(home.help.pk, mikael)
    assert "Mikael is there" in desk.get("/help/").content.decode()
    assert home.device.commands.order_by("-issued_at")[0].body["by"] == "Mikael"


@pytest.mark.requirement("K3", "V9")
def test_help_of_a_device_in_stock_says_so(desk: Client, home: Home) -> None:
    """It rings as any other."""
    Device.objects.filter(pk=home.device.pk).update(use=Device.Use.IN_STOCK)
    page = desk.get("/help/requests/").content.decode()
    assert "In stock" in page
    assert f"take-{home.help.pk}" in page


@pytest.mark.requirement("K3", "V28")
def test_what_is_closed_is_found_again(desk: Client, home: Home) -> None:
    """After months too, by name, as a page and as a table that no spreadsheet takes for a formula."""
    Resident.objects.filter(pk=home.resident.pk).update(first_name="=Aino")
    mikael = make_user(home.organisation, first_name="Mikael")
    board.take(home.help.pk, home.user)
    board.arrive(home.help.pk, mikael)
    board.close(home.help.pk, home.user, HelpRequest.Outcome.HELPED)
    long_ago = timezone.now() - timedelta(days=100)
    HelpRequest.objects.update(received_at=long_ago, closed_at=long_ago)
    assert "=Aino Virtanen" not in page(desk)
    assert "=Aino Virtanen" in desk.get("/help/archive/?q=aino+virt").content.decode()
    assert "=Aino Virtanen" not in desk.get("/help/archive/?q=eino").content.decode()
    table = desk.get("/help/archive/csv/?q=aino").content.decode()
    assert len(table.splitlines()) == 2
    assert "Mikael" in table
    assert ",=Aino" not in table


@pytest.mark.requirement("K3")
def test_closing_what_a_colleague_has_taken_asks_first(desk: Client, home: Home) -> None:
    """The page on which it is closed names the colleague."""
    board.take(home.help.pk, make_user(home.organisation, first_name="Mikael"))
    question, where = "Mikael has taken this. Close it all the same?", f"/help/{home.help.pk}/close/"
    assert question in desk.get(where).content.decode()
    HelpRequest.objects.update(taken_by=home.user)
    assert "Close it all the same?" not in desk.get(where).content.decode()


@pytest.mark.requirement("K3", "V28")
def test_closing_asks_how_it_ended(desk: Client, home: Home) -> None:
    """Without an answer it stays open; the answer stands on the board, in the archive and in the table."""
    board.take(home.help.pk, home.user)
    where = f"/help/{home.help.pk}/close/"
    assert "How did it end?" in desk.get(where).content.decode()
    assert "Please say what it was." in desk.post(where, closing("other")).content.decode()
    home.help.refresh_from_db()
    assert home.help.closed_at is None
    assert desk.post(where, closing("mistake", "the cat sat on it")).status_code == 302
    for place in ("/help/", "/help/archive/"):
        assert "Pressed by mistake: the cat sat on it" in desk.get(place).content.decode()
    assert "Pressed by mistake,the cat sat on it" in desk.get("/help/archive/csv/").content.decode()


@pytest.mark.requirement("K3")
def test_another_goes_instead(desk: Client, home: Home) -> None:
    """The board and the resident's screen name the one who goes now; the steps keep both."""
    mikael = make_user(home.organisation, first_name="Mikael")
    board.take(home.help.pk, mikael)
    desk.post(f"/help/{home.help.pk}/take-over/")
    assert issued(home) == [("taken", "Mikael"), ("taken", "Lehmusnurse")]
    assert stages(home) == [("taken", 1), ("taken", 2)]
    shown = page(desk)
    assert "Lehmusnurse is on the way" in shown
    assert "Mikael goes." in shown


@pytest.mark.requirement("K3")
def test_what_is_given_back_waits_again(desk: Client, home: Home) -> None:
    """Only who took it gives it back; then it waits, as if nobody had answered, and can be taken again."""
    mikael = make_user(home.organisation, first_name="Mikael")
    board.take(home.help.pk, home.user)
    with pytest.raises(board.TooLate):
        board.give_back(home.help.pk, mikael)
    assert board.untaken(home.user).count() == 0
    desk.post(f"/help/{home.help.pk}/give-back/")
    assert board.untaken(home.user).count() == 1
    board.take(home.help.pk, mikael)
    assert stages(home) == [("taken", 1), ("received", 2), ("taken", 3)]
    assert "cannot go after all." in page(desk)


@pytest.mark.requirement("K3")
def test_what_was_closed_too_early_is_opened_again(desk: Client, home: Home) -> None:
    """Its steps stay, and the screen shows who is coming; not while it has a newer request."""
    board.take(home.help.pk, home.user)
    board.close(home.help.pk, home.user, HelpRequest.Outcome.MISTAKE)
    desk.post(f"/help/{home.help.pk}/reopen/")
    home.help.refresh_from_db()
    assert (home.help.closed_at, home.help.outcome, home.help.taken_by) == (None, "", home.user)
    assert stages(home)[-1] == ("taken", 3)
    board.close(home.help.pk, home.user, HelpRequest.Outcome.HELPED)
    handle(home.device, event(HelpRaised(help_id="newer", source="screen")))
    answer = desk.post(f"/help/{home.help.pk}/reopen/", HTTP_HX_REQUEST="true").content.decode()
    assert "This screen has asked again since" in answer
    stranger = make_home("Vieras")
    with pytest.raises(HelpRequest.DoesNotExist):
        board.reopen(home.help.pk, stranger.user)
