"""Background job that keeps recurrences expanded up to the horizon; several processes may run it."""

import logging
from datetime import date
from threading import Event

from django.core.exceptions import ValidationError
from django.utils.timezone import localdate

from cloud.base import due_work
from cloud.calendar.expansion import due, renew
from cloud.calendar.models import Appointment
from cloud.devices.documents import refresh_resident
from cloud.people.models import Resident

log = logging.getLogger(__name__)

# The horizon moves once a day; a screen has weeks of its calendar.
POLL_S = 1800.0


class CalendarWatch:
    """Expands appointments that do not reach today's horizon."""

    def __init__(self) -> None:
        self._tried_on: date | None = None

    def run(self, stopping: Event) -> None:
        """Run until ``stopping`` is set."""
        due_work.repeat(stopping, POLL_S, lambda: self._turn(stopping))

    def _turn(self, stopping: Event) -> None:
        if self._tried_on != localdate():
            retry_slow()
            self._tried_on = localdate()
        renew_all(stopping)


def retry_slow() -> None:
    """Allow expansions that timed out to be retried: the machine may have been busy."""
    Appointment.objects.filter(problem="too-slow").update(problem="")


def renew_all(stopping: Event) -> int:
    """Renew every due calendar in turn; return how many there were."""
    renewed = 0
    for pk in list(due().values_list("resident", flat=True).distinct()):
        if stopping.is_set():
            break
        renewed += _renew_one(pk)
    return renewed


def _renew_one(pk: int) -> int:
    resident = Resident.objects.filter(pk=pk).first()
    try:
        if resident and renew(resident):
            refresh_resident(resident)
            return 1
    except ValidationError:
        log.exception("The calendar of resident %s cannot be sent", pk)
    except Exception:
        # A failing calendar must not block the others.
        log.exception("The calendar of resident %s cannot be renewed now", pk)
    return 0
