"""Appointments are moved, shortened, cancelled and brought back; both ends follow, by the clock."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cloud.calendar.models import Appointment, CancelledTime
from cloud.devices.documents import compose, refresh_resident
from cloud.messages.models import Message
from cloud.messages.planning import replan
from device.contract.messages import MessagePlan
from device.rules.events import DocumentArrived, Ticked
from device.window_protocol.model import Home as HomePage
from device.window_protocol.model import MessagePage
from tests.cloud.homes import Home
from tests.cloud.messages.test_messages import remind, tomorrow
from tests.device.story import Story
from tests.examples import examples

HELSINKI = ZoneInfo("Europe/Helsinki")
WALLS = ("06:00", "10:00", "10:30", "23:45")


def plan_of(home: Home) -> MessagePlan:
    """What the tablet is sent."""
    plan = compose(home.device)["messages"]
    assert isinstance(plan, MessagePlan)
    return plan


def move(row: Appointment, wall: str) -> None:
    """To another time of its day."""
    Appointment.objects.filter(pk=row.pk).update(starts=tomorrow(wall), ends="")


def shorten(row: Appointment, wall: str) -> None:
    """It ends when it begins."""
    row.refresh_from_db()
    Appointment.objects.filter(pk=row.pk).update(ends=row.starts)


def cancel(row: Appointment, wall: str) -> None:
    """Its time is off, whatever time that is."""
    row.refresh_from_db()
    CancelledTime.objects.get_or_create(appointment=row, starts=row.starts)


def restore(row: Appointment, wall: str) -> None:
    """Nothing of it is cancelled any more."""
    CancelledTime.objects.filter(appointment=row).delete()


def read(row: Appointment, wall: str) -> None:
    """The resident has touched what was planned of it by now."""
    Message.objects.filter(appointment=str(row.pk)).update(state=Message.State.READ)


ACTS: tuple[Callable[[Appointment, str], None], ...] = (move, shorten, cancel, restore, read)


def wanted() -> set[str]:
    """The keys that stand in the calendar now: each time that is not cancelled, with both leads."""
    off = set(CancelledTime.objects.values_list("appointment", "starts"))
    rows = Appointment.objects.filter(title="Visit").values_list("pk", "starts")
    return {
        f"{pk}/{starts}/{lead}" for pk, starts in rows if (pk, starts) not in off for lead in ("0", "evening")
    }


@pytest.mark.requirement("M12")
@settings(
    max_examples=examples(15),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(ACTS), st.integers(0, 1), st.sampled_from(WALLS)), min_size=1, max_size=8
    )
)
def test_no_message_of_an_old_time_survives_at_the_desk(
    home: Home, steps: list[tuple[Callable[[Appointment, str], None], int, str]]
) -> None:
    """After each change exactly what stands in the calendar is planned or was read; nothing comes twice."""
    with transaction.atomic():
        remind(home, leads_min=[0], evening_before=True)
        rows = [
            Appointment.objects.create(resident=home.resident, title="Visit", starts=tomorrow("12:00"))
            for _ in range(2)
        ]
        ours = Message.objects.filter(appointment__in=[str(row.pk) for row in rows])
        now = datetime.combine(timezone.now().astimezone(HELSINKI), time(9), HELSINKI)
        for act, which, wall in steps:
            act(rows[which], wall)
            replan([home.resident], now)
            planned = set(ours.filter(state=Message.State.PLANNED).values_list("key", flat=True))
            assert planned <= wanted() <= set(ours.values_list("key", flat=True))
            sent = [each.id for each in plan_of(home).messages if each.title == "Visit"]
            assert sorted(sent) == sorted(
                str(pk) for pk in ours.filter(key__in=planned).values_list("pk", flat=True)
            )
        transaction.set_rollback(True)


@pytest.mark.requirement("M7")
@pytest.mark.parametrize(("begins", "lead_min"), [("06:00", 60), ("10:00", 720)])
def test_the_source_systems_table_on_the_clock(home: Home, begins: str, lead_min: int) -> None:
    """Planned at the desk, shown by the device: at 21:00 of the evening before, not at 20:59."""
    remind(home, leads_min=[lead_min])
    day = timezone.now().astimezone(HELSINKI).date() + timedelta(days=2)
    Appointment.objects.create(resident=home.resident, title="Visit", starts=f"{day}T{begins}")
    refresh_resident(home.resident)
    evening = datetime.combine(day - timedelta(days=1), time(20, 59), HELSINKI)
    tablet = Story.of_aino()
    tablet.wall = evening
    tablet.tell(DocumentArrived(name="messages", document=plan_of(home)), Ticked())
    assert isinstance(tablet.screen().page, HomePage)
    tablet.wait(60)
    tablet.tell(Ticked())
    page = tablet.screen().page
    assert isinstance(page, MessagePage)
    assert [entry.headline for entry in page.entries] == ["Visit"]
