"""The café process between database and SFU: admission, notifications, records."""

import asyncio
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections, transaction
from django.test import Client
from django.utils import timezone

from cloud.cafe import keeping, rooms
from cloud.cafe.keeper import Keeper
from cloud.cafe.models import Ask, CafeSettings, Engine, Meeting, Post, Seat, engine_number
from cloud.cafe.notices import Out
from cloud.cafe.sessions import Reason
from cloud.cafe.sfu import EngineLost, LineLost, PictureChanged
from cloud.cafe.watch import CafeWatch
from cloud.calendar.models import Cafe
from cloud.calls import links
from cloud.devices.incoming import handle_event
from cloud.devices.models import DesiredDocument, Device, DeviceCommand
from cloud.organisations.models import Grant, User
from cloud.organisations.roles import Role
from cloud.screens.models import ScreenGroup
from device.contract.cafe import TableAnswered, TableEntered, TableLeft, WantsToSpeak
from device.contract.events import WireEvent
from device.contract.wire import Instant
from tests.cafe.fake_sfu import FakeSfu
from tests.cloud.homes import Home, make_user

pytestmark = pytest.mark.django_db(transaction=True)
ALWAYS = [{"days": [1, 2, 3, 4, 5, 6, 7], "opens": "00:00", "closes": "00:00"}]


@pytest.fixture
def sfu() -> FakeSfu:
    return FakeSfu()


@pytest.fixture
def opened(home: Home) -> Home:
    """A home whose café is always open, and whose relatives may come."""
    Cafe.objects.filter(organisation=home.organisation).update(hours=ALWAYS, closed_on=[])
    CafeSettings.objects.create(organisation=home.organisation, relatives_may_join=True)
    Device.objects.filter(pk=home.device.pk).update(use=Device.Use.IN_USE)
    return home


@pytest.fixture
def keeper(opened: Home, sfu: FakeSfu) -> Iterator[None]:
    """The café's process in a thread of the test's own."""
    running: list[tuple[asyncio.AbstractEventLoop, asyncio.Task[Any] | None]] = []

    async def keep() -> None:
        running.append((asyncio.get_running_loop(), asyncio.current_task()))
        await Keeper(sfu).run()

    def run() -> None:
        with suppress(asyncio.CancelledError):
            asyncio.run(keep())

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    eventually(lambda: Engine.at(0).reachable)
    loop, task = running[0]
    if task:
        yield
        loop.call_soon_threadsafe(task.cancel)
    thread.join(10)
    connections.close_all()


def eventually(holds: Callable[[], Any]) -> None:
    """Waits until it is so."""
    until_s = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < until_s, "it did not come about"
        time.sleep(0.02)


def says(home: Home, what: Any, *, at: Instant | None = None) -> None:
    """The device's event arrives at the desk."""
    device = Device.objects.get(pk=home.device.pk)
    event = WireEvent(
        sequence=1,
        boot_id="boot",
        monotonic_s=1.0,
        happened_at=at or timezone.now(),
        clock_trusted=True,
        what=what,
    )
    handle_event(device, event)


def commands(home: Home, kind: str) -> list[dict[str, Any]]:
    issued = DeviceCommand.objects.filter(device=home.device, body__kind=kind).order_by("issued_at")
    return [command.body for command in issued]


def document(home: Home) -> dict[str, Any]:
    body: dict[str, Any] = DesiredDocument.objects.get(device=home.device, name="cafe").body
    return body


def post(client: Client, path: str, body: dict[str, Any]) -> int:
    return client.post(path, json.dumps(body), content_type="application/json").status_code


def come_in(client: Client, room: str, seat: str = "nurse-1", **more: Any) -> int:
    return post(client, "/table/sit/", {"seat": seat, "room": room, "sound": "offer", "picture": "p", **more})


@pytest.fixture
def nurse(opened: Home, client: Client) -> Client:
    client.force_login(opened.user)
    return client


def enter(home: Home, room: str = "cafe", **more: Any) -> None:
    says(home, TableEntered(seat_id="seat-1", room=room, sound="offer", picture="p", **more))


@pytest.mark.requirement("V24", "V25")
def test_a_resident_and_a_nurse_sit_at_one_table_and_the_screens_say_so(
    opened: Home, nurse: Client, keeper: object, sfu: FakeSfu
) -> None:
    """Each gets answers and the other's picture; tile and record know who was there."""
    enter(opened)
    eventually(lambda: commands(opened, "give-seat"))
    room = f"cafe{opened.organisation.pk}"
    assert come_in(nurse, room) == 204
    eventually(lambda: len(document(opened)["guests"]) == 2)
    for seat in Seat.objects.all():
        sfu.notice(PictureChanged(room, seat.person, arrives=True))
    eventually(lambda: commands(opened, "show-guest"))
    shown = commands(opened, "show-guest")[0]
    assert (shown["guest_id"], shown["offer"][:5]) == (f"u{opened.user.pk}", "offer")
    says(opened, TableAnswered(seat_id="seat-1", answer="answer"))
    assert {guest["name"] for guest in document(opened)["guests"]} == {"Lehmus", "Lehmusnurse"}
    says(opened, TableLeft(seat_id="seat-1", why="resident"))
    eventually(lambda: Seat.objects.get(pk="seat-1").left_at)
    seat = Seat.objects.get(pk="seat-1")
    assert (seat.why, seat.resident, seat.entered_at is not None) == ("left", opened.resident, True)
    eventually(lambda: len(document(opened)["guests"]) == 1)


@pytest.mark.requirement("V8", "V27")
def test_a_room_of_another_organisation_does_not_exist(
    opened: Home, foreign: Home, client: Client, keeper: object
) -> None:
    """Neither for their nurses nor for their devices; a forged seat is nobody's either."""
    client.force_login(foreign.user)
    room = f"cafe{opened.organisation.pk}"
    assert client.get(f"/table/{room}/").status_code == 404
    assert come_in(client, room) == 409
    enter(opened)
    eventually(lambda: commands(opened, "give-seat"))
    assert post(client, "/table/do/", {"seat": "seat-1", "kind": "end"}) == 409
    says(foreign, TableLeft(seat_id="seat-1", why="resident"))
    says(foreign, TableEntered(seat_id="seat-1", room="cafe", sound="offer"))
    assert commands(foreign, "end-seat")[0]["why"] == "not-allowed"
    assert not Ask.objects.exclude(kind="enter").exists()


@pytest.mark.requirement("V8", "V10")
def test_a_forged_or_revoked_link_and_a_seat_that_is_over_open_no_table(
    opened: Home, nurse: Client, keeper: object
) -> None:
    """Neither page nor seat nor stream, also for somebody who sat there a moment ago."""
    room = f"cafe{opened.organisation.pk}"
    body = {"seat": "relative-1", "room": room, "sound": "offer"}
    relative = Client()
    assert post(relative, "/call/table/sit/", body) == 409
    assert post(relative, "/call/enter/", {"secret": "forged"}) != 204
    assert relative.get("/call/table/").status_code == 404
    link, secret = links.make(opened.contact, by=None, lifetime=timedelta(days=1))
    assert post(relative, "/call/enter/", {"secret": secret}) == 204
    assert post(relative, "/call/table/sit/", body) == 204
    link.delete()
    assert post(relative, "/call/table/sit/", {**body, "seat": "relative-2"}) == 409
    assert post(relative, "/call/table/do/", {"seat": "relative-1", "kind": "still"}) == 409
    assert relative.get("/call/table/live/?seat=relative-1").status_code == 204

    assert come_in(nurse, room) == 204
    assert post(nurse, "/table/do/", {"seat": "nurse-1", "kind": "leave"}) == 204
    eventually(lambda: Seat.objects.get(pk="nurse-1").left_at)
    assert come_in(nurse, room) == 409
    assert post(nurse, "/table/do/", {"seat": "nurse-1", "kind": "end"}) == 409
    assert come_in(nurse, room, seat="relative-1") == 409


@pytest.mark.requirement("V24")
def test_a_host_shows_somebody_out_and_a_relative_may_not(
    opened: Home, nurse: Client, keeper: object, sfu: FakeSfu
) -> None:
    """The resident learns why; only a host's word counts."""
    enter(opened)
    eventually(lambda: commands(opened, "give-seat"))
    room = f"cafe{opened.organisation.pk}"
    relative = Client()
    _link, secret = links.make(opened.contact, by=None, lifetime=timedelta(days=1))
    assert post(relative, "/call/enter/", {"secret": secret}) == 204
    assert relative.get("/call/table/").status_code == 200
    body = {"seat": "relative-1", "room": room, "sound": "offer", "picture": "p"}
    assert post(relative, "/call/table/sit/", body) == 204
    assert come_in(nurse, room) == 204
    eventually(lambda: len(sfu.rooms.get(room, ())) == 3)
    out = {"kind": "show-out", "person": f"r{opened.resident.pk}"}
    assert post(relative, "/call/table/do/", {"seat": "relative-1", **out}) == 403
    assert post(nurse, "/table/do/", {"seat": "nurse-1", **out}) == 204
    eventually(lambda: commands(opened, "end-seat"))
    assert commands(opened, "end-seat")[0]["why"] == "shown_out"
    CafeSettings.objects.update(relatives_may_join=False)
    assert relative.get("/call/table/").status_code == 404


def event_form(home: Home) -> dict[str, Any]:
    """The form of a weekly event from tomorrow, in which nobody is invited."""
    return {
        "organisation": home.organisation.pk,
        "title": "Bingo",
        "day": (timezone.localdate() + timedelta(days=1)).isoformat(),
        "begins": "14:00",
        "finishes": "15:00",
        "repeats_days": 7,
        "hosts": [home.user.pk],
    }


def meeting_of(home: Home, **more: Any) -> Meeting:
    now = timezone.now()
    Meeting.objects.all().delete()
    planned = Meeting.objects.create(
        organisation=home.organisation,
        title="Singing",
        starts_at=now,
        ends_at=now + timedelta(hours=1),
        **more,
    )
    planned.hosts.add(home.user)
    planned.invited.add(home.resident)
    keeping.refresh_screens({planned.room})
    return planned


@pytest.mark.requirement("V24")
def test_an_event_that_two_end_at_once_is_planned_anew_once(opened: Home) -> None:
    """The clock and the table's process may both end it; the next event is scheduled once."""
    planned = meeting_of(opened, repeats_days=1)
    ends = [keeping.end(Meeting.objects.get(pk=planned.pk), "closed") for _ in range(2)]
    following = Meeting.objects.get(ended_at=None)
    assert ends == [{planned.room, following.room}, set()]


@pytest.mark.requirement("V24")
@pytest.mark.parametrize("ends", [True, False])
def test_leaving_is_not_ending_unless_it_is_set_so(
    opened: Home, nurse: Client, keeper: object, ends: bool
) -> None:
    """The host leaves: with the setting all are taken out, without it the table goes on."""
    planned = meeting_of(opened, ends_when_hosts_leave=ends)
    assert document(opened)["meetings"][0]["title"] == "Singing"
    assert come_in(nurse, planned.room) == 204
    enter(opened, planned.room)
    eventually(lambda: commands(opened, "give-seat"))
    eventually(lambda: Seat.objects.exclude(entered_at=None).count() == 2)
    post(nurse, "/table/do/", {"seat": "nurse-1", "kind": "leave"})
    eventually(lambda: Seat.objects.get(pk="nurse-1").left_at)
    if ends:
        eventually(lambda: commands(opened, "end-seat"))
        assert commands(opened, "end-seat")[0]["why"] == "host_left"
        # Its connections ended before it heard of that, and it offers new ones.
        enter(opened, planned.room)
        assert [each["why"] for each in commands(opened, "end-seat")][1] == "host_left"
        eventually(lambda: document(opened)["meetings"] == [])
    else:
        assert Seat.objects.get(pk="seat-1").left_at is None
        assert not Meeting.objects.get().ended_at


@pytest.mark.requirement("V24", "V27")
def test_a_group_of_residents_is_invited_and_who_leaves_it_is_not_any_more(
    opened: Home, foreign: Home, nurse: Client
) -> None:
    """The screens of a group show the event, also next time; another organisation's group is no choice."""
    wing = ScreenGroup.objects.create(organisation=opened.organisation, name="Wing")
    theirs = ScreenGroup.objects.create(organisation=foreign.organisation, name="Theirs")
    theirs.residents.add(opened.resident)
    form = event_form(opened)
    assert "Somebody must be invited." in nurse.post("/events/new/", form).content.decode()
    assert nurse.post("/events/new/", {**form, "groups": [theirs.pk]}).status_code == 200
    assert not Meeting.objects.filter(title="Bingo").exists()
    assert nurse.post("/events/new/", {**form, "groups": [wing.pk]}).status_code == 302
    planned = Meeting.objects.get(title="Bingo")
    Meeting.objects.exclude(pk=planned.pk).delete()
    members = f"/devices/many/groups/{wing.pk}/members/"
    nurse.post(members, {"resident": [opened.resident.pk]})
    assert [each["id"] for each in document(opened)["meetings"]] == [planned.room]
    keeping.refresh_screens(keeping.end(planned, "closed"))
    (following,) = Meeting.objects.filter(ended_at=None)
    assert [each["id"] for each in document(opened)["meetings"]] == [following.room]
    nurse.post(members, {"resident": [opened.resident.pk], "act": "leave"})
    assert document(opened)["meetings"] == []
    nurse.post(members, {"resident": [opened.resident.pk]})
    nurse.post(f"/devices/many/groups/{wing.pk}/remove/")
    assert document(opened)["meetings"] == []


@pytest.mark.requirement("V24", "V27")
def test_an_event_that_is_ended_for_all_rings_nowhere_and_comes_again_next_week(
    opened: Home, nurse: Client, keeper: object
) -> None:
    """It leaves the document at once, participants are notified, and the next one is scheduled."""
    planned = meeting_of(opened, repeats_days=7)
    enter(opened, planned.room)
    eventually(lambda: commands(opened, "give-seat"))
    assert nurse.post(f"/events/{planned.pk}/end/").status_code == 302
    following = Meeting.objects.get(ended_at=None)
    assert [each["id"] for each in document(opened)["meetings"]] == [following.room]
    eventually(lambda: commands(opened, "end-seat"))
    assert commands(opened, "end-seat")[0]["why"] == "ended_for_all"
    assert following.starts_at - planned.starts_at == timedelta(days=7)
    assert list(following.invited.all()) == [opened.resident]


@pytest.mark.requirement("V24")
def test_where_only_hosts_speak_a_hand_is_raised(opened: Home, nurse: Client, keeper: object) -> None:
    """The resident listens, whatever the device says, and the host sees the hand."""
    planned = meeting_of(opened, only_hosts_speak=True)
    enter(opened, planned.room)
    eventually(lambda: commands(opened, "give-seat"))
    assert Seat.objects.get(pk="seat-1").listens
    says(opened, WantsToSpeak(seat_id="seat-1"))
    eventually(lambda: Seat.objects.get(pk="seat-1").hand_raised)


@pytest.mark.requirement("V24")
def test_a_stranger_to_a_meeting_is_not_let_in_and_old_news_is_none(
    opened: Home, foreign: Home, keeper: object
) -> None:
    """A room to which nobody was invited does not exist for them; an hour-old event opens no microphone."""
    planned = meeting_of(foreign)
    enter(opened, planned.room)
    assert commands(opened, "end-seat")[0]["why"] == "not-allowed"
    late = TableEntered(seat_id="seat-2", room="cafe", sound="offer")
    says(opened, late, at=timezone.now() - timedelta(hours=1))
    assert len(commands(opened, "end-seat")) == 2
    assert not Seat.objects.exists()


@pytest.mark.requirement("V24")
def test_whose_line_is_lost_is_gone_from_the_screens_at_once(
    opened: Home, nurse: Client, keeper: object, sfu: FakeSfu
) -> None:
    """Their place is kept for a minute; until they are back, nobody is shown as if they were there."""
    room = f"cafe{opened.organisation.pk}"
    enter(opened)
    assert come_in(nurse, room) == 204
    eventually(lambda: len(document(opened)["guests"]) == 2)
    sfu.notice(LineLost(room, f"u{opened.user.pk}"))
    eventually(lambda: [each["id"] for each in document(opened)["guests"]] == [f"r{opened.resident.pk}"])
    assert Seat.objects.get(pk="nurse-1").left_at is None
    assert come_in(nurse, room) == 204
    eventually(lambda: len(document(opened)["guests"]) == 2)


@pytest.mark.requirement("V24")
def test_a_person_who_leaves_and_comes_back_at_once_is_seated(
    opened: Home, nurse: Client, keeper: object, sfu: FakeSfu
) -> None:
    """Both requests are waiting together: the older seat ends, the newer is seated and stays."""
    room = f"cafe{opened.organisation.pk}"
    come_in(nurse, room, "nurse-1")
    eventually(lambda: Seat.objects.get(pk="nurse-1").entered_at)
    with transaction.atomic():
        assert post(nurse, "/table/do/", {"seat": "nurse-1", "kind": "leave"}) == 204
        assert come_in(nurse, room, "nurse-2") == 204
    eventually(lambda: Seat.objects.get(pk="nurse-2").entered_at)
    eventually(lambda: Seat.objects.get(pk="nurse-1").left_at)
    assert Seat.objects.get(pk="nurse-2").left_at is None


@pytest.mark.requirement("V24")
def test_a_farewell_reaches_the_seat_that_left(opened: Home, nurse: Client) -> None:
    """Also where the same person asks to be let in again before the older seat is recorded as left."""
    room = f"cafe{opened.organisation.pk}"
    come_in(nurse, room, "nurse-1")
    post(nurse, "/table/do/", {"seat": "nurse-1", "kind": "leave"})
    assert [wanted.kind for wanted in keeping.take_asks()] == ["enter", "leave"]
    come_in(nurse, room, "nurse-2")
    person = Seat.objects.get(pk="nurse-1").person
    assert keeping.note(room, person, Out(Reason.LEFT)) == "nurse-1"
    assert Seat.objects.get(pk="nurse-2").left_at is None
    assert [wanted.seat_id for wanted in keeping.take_asks()] == ["nurse-2"]


@pytest.mark.requirement("V24")
def test_the_end_reaches_a_seat_that_connects_again(opened: Home, nurse: Client) -> None:
    """Whose line was lost, and whose new offer waits, reads why it is over as the others do."""
    room = f"cafe{opened.organisation.pk}"
    come_in(nurse, room, "nurse-1")
    keeping.take_asks()
    Seat.objects.filter(pk="nurse-1").update(entered_at=timezone.now())
    come_in(nurse, room, "nurse-1")
    seat = Seat.objects.get(pk="nurse-1")
    assert keeping.note(room, seat.person, Out(Reason.ENDED_FOR_ALL)) == "nurse-1"
    seat.refresh_from_db()
    assert seat.why == "ended_for_all"
    assert keeping.take_asks() == []


@pytest.mark.requirement("V25")
def test_a_dead_engine_is_said_on_the_screens_and_everybody_comes_back(
    opened: Home, nurse: Client, keeper: object, sfu: FakeSfu
) -> None:
    """The tile shows it within seconds; when it returns devices and pages are asked to reconnect."""
    room = f"cafe{opened.organisation.pk}"
    enter(opened)
    assert come_in(nurse, room) == 204
    eventually(lambda: len(sfu.rooms.get(room, ())) == 2)
    sfu.is_there = False
    sfu.notice(EngineLost())
    eventually(lambda: not document(opened)["reachable"])
    sfu.rooms.clear()
    sfu.is_there = True
    eventually(lambda: document(opened)["reachable"])
    eventually(lambda: commands(opened, "offer-again"))
    eventually(lambda: Post.objects.filter(seat="nurse-1", body__kind="again").exists())


def test_a_process_that_fell_silent_is_noticed(opened: Home) -> None:
    """Without its word for a while the café counts as not reachable."""
    keeping.say_reachable(0, reachable=True)
    Engine.objects.update(said_at=timezone.now() - timedelta(seconds=30))
    CafeWatch().look()
    assert not document(opened)["reachable"]


def test_an_event_is_planned_at_the_desk(opened: Home, nurse: Client) -> None:
    """By day and time; without anybody invited it is refused in words."""
    form = event_form(opened)
    answer = nurse.post("/events/new/", form)
    assert "Somebody must be invited." in answer.content.decode()
    assert not Meeting.objects.filter(title="Bingo").exists()
    assert nurse.post("/events/new/", {**form, "invited": [opened.resident.pk]}).status_code == 302
    planned = Meeting.objects.get(title="Bingo")
    assert timezone.localtime(planned.starts_at).strftime("%H:%M") == "14:00"
    shown = {each["id"]: each["hosts"] for each in document(opened)["meetings"]}
    assert shown[planned.room] == [opened.user.first_name]
    assert "Bingo" in nurse.get("/events/").content.decode()
    assert rooms.for_user(User.objects.get(pk=opened.user.pk), planned.room, timezone.now()) is None


@pytest.mark.requirement("V25")
def test_a_relative_finds_the_way_in_on_their_call_page(opened: Home, client: Client) -> None:
    """Only where relatives are let in; while it is closed, they read so instead of finding no page."""
    _link, secret = links.make(opened.contact, by=None, lifetime=timedelta(days=1))
    assert post(client, "/call/enter/", {"secret": secret}) == 204
    Seat.objects.create(
        id="seat-1",
        organisation=opened.organisation,
        room=f"cafe{opened.organisation.pk}",
        resident=opened.resident,
        asked_at=timezone.now(),
        seen_at=timezone.now(),
        entered_at=timezone.now(),
    )
    page = client.get("/call/").content.decode()
    assert 'href="/call/table/"' in page
    assert "paikalla nyt 1" in page
    assert 'id="enter"' in client.get("/call/table/").content.decode()
    Cafe.objects.update(hours=[])
    assert "nyt kiinni" in client.get("/call/").content.decode()
    closed = client.get("/call/table/")
    assert (closed.status_code, b'id="enter"' in closed.content) == (200, False)
    CafeSettings.objects.update(relatives_may_join=False)
    assert 'href="/call/table/"' not in client.get("/call/").content.decode()
    assert client.get("/call/table/").status_code == 404


@pytest.mark.requirement("V24")
def test_a_content_producer_plans_events_and_hosts(opened: Home, client: Client) -> None:
    """The role of a nurse is not needed; an installer neither hosts nor can be chosen as a host."""
    Grant.objects.filter(user=opened.user).delete()
    opened.user.give((Role.CONTENT_PRODUCER,), opened.organisation)
    installer = make_user(opened.organisation, first_name="Installer", roles=[Role.INSTALLER])
    client.force_login(opened.user)
    assert list(rooms.hosts_for(opened.user)) == [opened.user]
    assert client.get("/events/new/").status_code == 200
    assert client.get(f"/table/cafe{opened.organisation.pk}/").status_code == 200
    client.force_login(installer)
    assert client.get("/events/new/").status_code == 403
    assert client.get(f"/table/cafe{opened.organisation.pk}/").status_code == 403


def test_seats_are_given_the_relay_that_calls_have(opened: Home, nurse: Client, settings: Any) -> None:
    """In the device's document, which does not change through the day for it, and in the browser's page."""
    settings.TURN_URLS, settings.TURN_SECRET = ["turn:relay.example.org:3478"], "secret"
    keeping.refresh_all()
    first = document(opened)
    assert first["ice_servers"][0]["urls"] == settings.TURN_URLS
    keeping.refresh_all()
    assert document(opened) == first
    page = nurse.get(f"/table/cafe{opened.organisation.pk}/").content.decode()
    assert "turn:relay.example.org:3478" in page


def test_rooms_are_spread_over_engines_and_a_dead_one_costs_the_others_nothing(opened: Home) -> None:
    """Each room is on one, always the same; the café says of its own engine whether it can be reached."""
    keeping.forget_engines(3)
    numbers = [engine_number(f"cafe{each}", 3) for each in range(60)]
    assert {numbers.count(number) > 5 for number in range(3)} == {True}
    mine = engine_number(f"cafe{opened.organisation.pk}", 3)
    for number in range(3):
        keeping.say_reachable(number, reachable=True)
    keeping.say_reachable((mine + 1) % 3, reachable=False)
    assert document(opened)["reachable"]
    keeping.say_reachable(mine, reachable=False)
    assert not document(opened)["reachable"]
    keeping.forget_engines(1)
    assert Engine.objects.count() == 1


@pytest.mark.requirement("V28", "V27")
def test_who_was_at_which_table_is_on_record(opened: Home, foreign: Home, nurse: Client) -> None:
    """With times and how it ended, also as a table; of one's own organisations alone, and not for ever."""
    entered = timezone.now() - timedelta(hours=1)
    for home, id_ in ((opened, "seat-1"), (foreign, "seat-2")):
        Seat.objects.create(
            id=id_,
            organisation=home.organisation,
            room=f"cafe{home.organisation.pk}",
            resident=home.resident,
            asked_at=entered,
            seen_at=entered,
            entered_at=entered,
            left_at=timezone.now(),
            why="shown_out",
        )
    page = nurse.get("/events/record/").content.decode()
    assert str(opened.resident) in page
    assert str(foreign.resident) not in page
    lines = nurse.get("/events/record/csv/").content.decode().splitlines()
    assert len(lines) == 2
    assert ",60," in lines[1]
    assert not Seat.objects.filter(pk__in=keeping.left_before(entered).values("pk")).exists()
    later = (timezone.localdate() + timedelta(days=1)).isoformat()
    assert str(opened.resident) not in nurse.get(f"/events/record/?since={later}").content.decode()
