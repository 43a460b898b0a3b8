"""Who is on duty: by the wall clock, also when the clocks change; holes are seen before they come (S5)."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from cloud.delivery.models import Delivery
from cloud.help.escalation import Contact
from cloud.help.models import Partner
from cloud.partner import handover, on_duty
from cloud.partner.models import Rota, RotaPerson, RotaShift
from cloud.partner.rota import QUARTER, Shift, holes, picture
from cloud.partner.rota import on_duty as people_on_duty
from tests.cloud.homes import Home
from tests.cloud.ladder_story import Story

pytestmark = pytest.mark.requirement("S5")

HELSINKI = ZoneInfo("Europe/Helsinki")
ALWAYS = [Shift(1, day, time(), time()) for day in range(7)]
TIMES = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 45]))
SHIFTS = st.lists(st.builds(Shift, st.integers(1, 3), st.integers(0, 6), TIMES, TIMES), max_size=8)
ZONES = st.sampled_from(["Europe/Helsinki", "Europe/Oslo", "Australia/Lord_Howe"]).map(ZoneInfo)
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(MOMENTS, ZONES)
def test_a_whole_week_has_no_hole(moment: datetime, zone: ZoneInfo) -> None:
    """Seven shifts of a whole day leave nobody out, through every change of the clocks."""
    assert holes(ALWAYS, zone, moment, moment + timedelta(days=4)) == []


@given(SHIFTS, MOMENTS, ZONES)
def test_a_hole_is_where_nobody_is_on_duty(shifts: list[Shift], since: datetime, zone: ZoneInfo) -> None:
    """The holes hold exactly the quarters at which nobody is on duty."""
    until = since + timedelta(days=2)
    found = holes(shifts, zone, since, until)
    moment = since.replace(minute=since.minute - since.minute % 15, second=0, microsecond=0)
    while moment < until:
        is_in_hole = any(hole.starts <= moment < hole.ends for hole in found)
        assert is_in_hole != bool(people_on_duty(shifts, moment, zone))
        moment += QUARTER


@pytest.mark.parametrize(("day", "quarters"), [("2026-03-29", 92), ("2026-10-25", 100), ("2026-06-01", 96)])
def test_the_picture_is_as_long_as_the_day(day: str, quarters: int) -> None:
    """23, 25 and 24 hours."""
    ((_, bars),) = picture(ALWAYS, HELSINKI, date.fromisoformat(day), days=1)
    assert sum(bar.quarters for bar in bars) == quarters
    assert all(bar.is_covered for bar in bars)


def test_a_night_belongs_to_the_day_on_which_it_begins() -> None:
    """From Saturday 22 to Sunday 6; the plan may end with a day."""
    night = [Shift(1, 5, time(22), time(6), last_day=date(2026, 6, 6))]
    saturday = datetime(2026, 6, 6, 23, tzinfo=HELSINKI)
    assert people_on_duty(night, saturday, HELSINKI) == [1]
    assert people_on_duty(night, saturday + timedelta(hours=6), HELSINKI) == [1]
    assert people_on_duty(night, saturday + timedelta(hours=7), HELSINKI) == []
    assert people_on_duty(night, saturday + timedelta(days=7), HELSINKI) == []


@pytest.fixture
def own(home: Home) -> Rota:
    """The home's rota with somebody who is always on duty."""
    rota = Rota.objects.get(organisation=home.organisation)
    person = RotaPerson.objects.get(rota=rota)
    RotaShift.objects.all().delete()
    for day in range(7):
        RotaShift.objects.create(person=person, weekday=day, starts=time(), ends=time())
    return rota


@pytest.mark.requirement("K3")
def test_staff_on_duty_are_notified_first(home: Home, own: Rota) -> None:
    """Then the resident's contact; in place of them where the organisation wants it so."""
    story = Story(home)
    assert story.at(60) == [("Lehmus on duty", "email", "sent")]
    assert story.at(120) == [("Lehmus neighbour", "email", "sent")]


@pytest.mark.requirement("K3")
def test_a_rota_may_replace_the_contacts_but_not_in_a_hole(home: Home, own: Rota) -> None:
    """In a gap the contacts are notified all the same."""
    Rota.objects.update(replaces_contacts=True)
    story = Story(home)
    assert story.at(60) == [("Lehmus on duty", "email", "sent")]
    assert story.at(120) == []
    assert story.at(180) == [("Lehmus partner", "email", "sent")]
    RotaShift.objects.all().delete()
    own_contact = Contact(id=1, name="Leena")
    assert on_duty.contacts(home.help, [own_contact]) == [own_contact]


def test_the_board_warns_of_a_hole_within_three_days(desk: Client, home: Home, own: Rota) -> None:
    """As long as the week is full the board is quiet."""
    words = "nobody is on the rota"
    assert words not in desk.get("/help/warnings/").content.decode()
    RotaShift.objects.all().delete()
    assert words in desk.get("/help/warnings/").content.decode()


def test_the_page_makes_a_rota(desk: Client, home: Home) -> None:
    """A person needs a number; a shift begins on a quarter; the picture shows what is covered."""
    page = f"/partner/rota/{home.organisation.pk}/"
    RotaPerson.objects.all().delete()
    desk.post(f"{page}people/new/", {"name": "Pia", "phone": "soon", "email": "pia@example.org"})
    assert not RotaPerson.objects.exists()
    desk.post(f"{page}people/new/", {"name": "Pia", "phone": "040 123 4567", "email": "pia@example.org"})
    person = RotaPerson.objects.get()
    assert person.phone == "+358401234567"
    for day in range(7):
        shift = {"person": person.pk, "weekday": day, "starts": "00:00", "ends": "00:00"}
        desk.post(f"{page}shifts/new/", shift)
    desk.post(f"{page}shifts/new/", shift | {"starts": "00:10"})
    assert RotaShift.objects.count() == 7
    shown = desk.get(page).content.decode()
    assert "On duty now" in shown
    assert "with holes" not in shown


@pytest.mark.requirement("S4")
def test_only_confirmed_residents_go_to_the_partner(desk: Client, home: Home) -> None:
    """Until the partner confirms, the log says why it was not notified; afterwards it is."""
    Partner.objects.update(only_registered=True)
    story = Story(home)
    story.at(60)
    assert story.at(180) == [("", "none", "failed")]
    home.resident.care.monitored = True
    home.resident.care.save()
    page = f"/partner/registrations/{home.organisation.pk}/"
    desk.get(f"/partner/residents/{home.resident.pk}/")
    home.resident.refresh_from_db()
    number = home.resident.registration.number
    shown = desk.post(page, {"numbers": "777;Somebody\n"}).content.decode()
    assert "is monitored here, and unknown to the partner" in shown
    assert "777 is known to the partner, and not monitored here" in shown
    desk.post(page, {"numbers": f"\ufeff{number};Aino\r\n777\r\n"})
    assert story.at(200) == [("Lehmus partner", "email", "sent")]
    assert "Line 2" in desk.post(page, {"numbers": "777\n=cmd()"}).content.decode()


@pytest.mark.requirement("K10")
def test_an_alarm_is_in_use_only_when_everything_is_there(desk: Client, home: Home, own: Rota) -> None:
    """From blank to green: contacts or rota, then a test alarm that was answered in time."""
    page = f"/partner/residents/{home.resident.pk}/"
    RotaShift.objects.all().delete()
    assert "The alarm is not in use yet" in desk.get(page).content.decode()
    home.resident.escalation_contacts.create(name="Second", office_phone="+358401234568")
    assert "The alarm is not in use yet" in desk.get(page).content.decode()
    desk.post(f"/help/{home.help.pk}/take/")
    desk.post(f"/help/{home.help.pk}/close/", {"outcome": "test"})
    assert "The alarm may be relied on" in desk.get(page).content.decode()
    home.resident.care.forced_by_relatives = True
    home.resident.care.save()
    assert "The alarm is not in use yet" in desk.get(page).content.decode()


def test_a_hand_over_is_sent_to_both(home: Home, own: Rota) -> None:
    """Those who leave get the names of those who come, and vice versa; once, however often it runs."""
    RotaShift.objects.all().delete()
    early = RotaPerson.objects.get(rota=own)
    late = RotaPerson.objects.create(rota=own, name="Late", phone="+358401234568", email="late@example.org")
    for person, starts, ends in ((early, time(7), time(15)), (late, time(15), time(22))):
        RotaShift.objects.create(person=person, weekday=0, starts=starts, ends=ends)
    monday = datetime(2026, 6, 1, 15, 4, tzinfo=HELSINKI)
    for _turn in range(2):
        handover.tell_all(monday)
    handover.tell_all(monday + timedelta(minutes=15))
    letters = {row.who: row for row in Delivery.objects.filter(about=handover.ABOUT)}
    assert set(letters) == {early.name, "Late"}
    assert letters[early.name].address == early.email
    assert "Late" in letters[early.name].body
    assert early.name in letters["Late"].body
    assert "15:00" in letters["Late"].body
    handover.tell_all(monday + timedelta(hours=7))
    assert Delivery.objects.filter(about=handover.ABOUT, who="Late").count() == 2
    assert Delivery.objects.filter(about=handover.ABOUT).count() == 3
