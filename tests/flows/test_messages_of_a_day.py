"""Stories: a resident's messages of one day, and the source system's table of times on the clock."""

import signal
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from device.window_protocol.intents import AnswerMessage, OpenPage
from device.window_protocol.model import MessagePage
from provisioning.demo.managed_process import ManagedProcess
from tests.flows.core_at_another_time import AHEAD_FILE
from tests.flows.house import House
from tests.flows.mail_server import MailServer, mail_server
from tests.link.waiting import eventually

MESSAGE = "resident_messages.Message"
SET = """
from datetime import datetime
from zoneinfo import ZoneInfo
from cloud.calendar.models import Appointment
from cloud.devices.documents import refresh_resident
from cloud.messages.models import Message, MessageText, ReminderType
from cloud.people.models import Contact, Resident
from cloud.screens.models import ResidentView
resident = Resident.objects.get(first_name="Aino")
"""
# Where it is noon now, whenever the story runs: nobody is disturbed at night.
BEGIN = """
zone = "{zone}"
ResidentView.objects.filter(resident=resident).update(time_zone=zone)
Contact.objects.filter(first_name="Leena").update(email="leena@example.org")
text = MessageText.serving(resident.organisation).filter(code="medicine").first()
ReminderType.objects.create(
    organisation=resident.organisation, name="Lääkkeet", keyword="lääkkeet", text=text, leads_min=[0],
    asks_confirmation=True, confirm_within_min=60,
)
now = datetime.now(ZoneInfo(zone))
for title in ("Aamun lääkkeet", "Päivän lääkkeet"):
    Appointment.objects.create(resident=resident, title=title, starts=f"{{now:%Y-%m-%dT%H:%M}}")
refresh_resident(resident)
"""
TIME_IS_OVER = """
from django.utils import timezone
Message.objects.filter(pk={message}).update(until=timezone.now())
"""
# M7: 06:00 less one hour and 10:00 less twelve are both moved to 21:00 of the day before.
TABLE = (("06:00", 60), ("10:00", 720))
BEGIN_TABLE = """
text = MessageText.serving(resident.organisation).filter(code="appointment").first()
for wall, lead_min in {table}:
    title = f"Taulukko {{wall}}"
    ReminderType.objects.create(
        organisation=resident.organisation, name=wall, keyword=title, text=text, leads_min=[lead_min]
    )
    Appointment.objects.create(resident=resident, title=title, starts=f"{day}T{{wall}}")
refresh_resident(resident)
"""
END_TABLE = """
ReminderType.objects.filter(keyword__startswith="Taulukko").delete()
Appointment.objects.filter(title__startswith="Taulukko").delete()
refresh_resident(resident)
"""
END = """
ResidentView.objects.filter(resident=resident).update(time_zone="Europe/Helsinki")
Contact.objects.filter(first_name="Leena").update(email="")
ReminderType.objects.filter(name="Lääkkeet").delete()
Appointment.objects.filter(title__endswith="lääkkeet").delete()
refresh_resident(resident)
"""


def tell_desk(house: House, code: str) -> None:
    """What the desk's pages would set, or the clock."""
    house.stack.desk.run("shell", "-v", "0", "-c", SET + code)


def noon() -> str:
    """A zone of the world where it is noon now."""
    ahead = 12 - datetime.now(UTC).hour
    return f"Etc/GMT{-ahead:+d}" if ahead else "Etc/GMT"


@pytest.fixture
def mails(house: House) -> Iterator[MailServer]:
    """The desk's clockwork sends by a real mail server, and has its old one again after the story."""
    own, place = house.stack.desk.escalation, house.stack.place
    with mail_server() as server:
        environment = {**place.environment, "KOTIRUUTU_DESK_MAIL": f"smtp://127.0.0.1:{server.port}"}
        sending = ManagedProcess(
            "the escalation", own.command, log=place.log("sending"), environment=environment
        )
        own.stop()
        sending.start()
        yield server
        sending.stop()
        own.start()


@pytest.fixture
def day(house: House, mails: MailServer) -> Iterator[MailServer]:
    """Two reminders are due now; the house is as it was before once the story is over."""
    tell_desk(house, BEGIN.format(zone=noon()))
    yield mails
    tell_desk(house, END)


def on_screen(house: House, besides: int = 0) -> int:
    """The number of the message that has the screen, once another one than this has it."""

    def look() -> int | None:
        page = house.screen.newest and house.screen.newest.page
        acts = page.acts if isinstance(page, MessagePage) else []
        found = {int(each.intent.message_id) for each in acts if isinstance(each.intent, AnswerMessage)}
        return next(iter(found - {besides}), None)

    return eventually(look, "a message has the screen") or 0


@pytest.mark.requirement("M11", "K6")
def test_messages_of_a_day(house: House, day: MailServer) -> None:
    """Each is answered on the display; the desk says so, and the relative hears of it by mail."""
    first = on_screen(house)
    house.stack.broker.stop(signal.SIGKILL)
    house.resident_taps(AnswerMessage(str(first), "taken"))
    second = on_screen(house, besides=first)
    assert not house.desk_counts(MESSAGE, id=first, state="confirmed")
    house.stack.start_broker()
    house.desk_knows(MESSAGE, id=first, state="confirmed", timeout_s=60)

    house.desk_knows(MESSAGE, id=second, state="shown", timeout_s=30)
    tell_desk(house, TIME_IS_OVER.format(message=second))
    letters = eventually(lambda: day.to("leena@example.org"), "Leena is notified", 30)
    assert "lääkkeet" in letters[0]
    house.resident_taps(AnswerMessage(str(second), "taken"))
    house.desk_knows(MESSAGE, id=second, state="confirmed", timeout_s=30)
    eventually(lambda: len(day.to("leena@example.org")) == 2, "Leena hears that it is settled", 30)
    house.resident_sees("page=Home(")


class DeviceClock:
    """The wall clock of the tablet's core, and of nothing else."""

    def __init__(self, ahead: Path) -> None:
        self._ahead = ahead

    def set(self, wall: datetime) -> None:
        """Let it be this time now."""
        new = self._ahead.with_suffix(".new")
        new.write_text(str((wall - datetime.now(UTC)).total_seconds()))
        new.replace(self._ahead)


@pytest.fixture
def clock(house: House, tmp_path: Path) -> Iterator[DeviceClock]:
    """The core is started anew with a clock that the story sets; afterwards it has the kernel's again."""
    core = house.stack.tablet.core
    command, environment = core.command, core.environment
    core.stop()
    core.command = tuple("tests.flows.core_at_another_time" if part == "device" else part for part in command)
    core.environment = {**(environment or {}), AHEAD_FILE: str(tmp_path / "ahead")}
    clock = DeviceClock(tmp_path / "ahead")
    clock.set(datetime.now(UTC))
    core.start()
    yield clock
    core.stop()
    core.command, core.environment = command, environment
    core.start()
    eventually(lambda: house.screen.says("page=Home("), "the home page of the usual core", 60)


@pytest.fixture
def table(house: House) -> Iterator[datetime]:
    """Two appointments with their reminders; yields 21:00 of the day before."""
    zone = ZoneInfo("Europe/Helsinki")
    day = datetime.now(zone).date() + timedelta(days=2)
    tell_desk(house, BEGIN_TABLE.format(table=TABLE, day=day))
    yield datetime.combine(day - timedelta(days=1), time(21), zone)
    tell_desk(house, END_TABLE)


@pytest.mark.requirement("M7")
def test_the_source_systems_table_on_the_clock(house: House, clock: DeviceClock, table: datetime) -> None:
    """Nothing at ten to nine in the evening; at nine one reminder after the other, on the display."""
    for wall, _lead_min in TABLE:
        house.desk_knows(MESSAGE, title=f"Taulukko {wall}", due_at=table)
    clock.set(table - timedelta(minutes=10))
    house.do(OpenPage("home"))
    house.resident_sees("20.50")
    house.resident_sees("page=Home(")
    clock.set(table)
    house.do(OpenPage("home"))
    seen, message = set(), 0
    for _row in TABLE:
        message = on_screen(house, besides=message)
        house.resident_sees("21.00")
        seen.add(next(wall for wall, _lead_min in TABLE if house.screen.says(f"Taulukko {wall}")))
        house.resident_taps(AnswerMessage(str(message), "ok"))
    house.resident_sees("page=Home(")
    assert seen == {wall for wall, _lead_min in TABLE}
