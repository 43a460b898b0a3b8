"""At the end of a shift, notifies those who leave and those who come of each other (S5); several may run."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from threading import Event
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cloud.base import due_work
from cloud.delivery.outbox import Address, Letter, put
from cloud.help.models import HelpRequest
from cloud.partner import on_duty, rota
from cloud.partner.models import Rota, RotaPerson

POLL_S = 30.0
ABOUT = "handover"


def run(stopping: Event) -> None:
    """Tell of every hand-over until ``stopping`` is set."""
    due_work.repeat(stopping, POLL_S, lambda: tell_all(timezone.now()))


def tell_all(now: datetime) -> None:
    """Tell of the hand-overs of the quarter that has begun; a message that exists is not made again."""
    moment = rota.quarter(now)
    for own in Rota.objects.select_related("organisation", "calendar").iterator():
        shifts = on_duty.shifts_of(own, moment - rota.QUARTER, moment + rota.QUARTER)
        zone = ZoneInfo(own.time_zone)
        before, after = (rota.on_duty(shifts, at, zone) for at in (moment - rota.QUARTER, moment))
        if set(before) != set(after):
            _tell(own, moment, before, after)


def _tell(own: Rota, moment: datetime, before: Sequence[int], after: Sequence[int]) -> None:
    people = RotaPerson.objects.filter(rota=own).in_bulk([*before, *after])
    left = [people[pk] for pk in before if pk not in after and pk in people]
    came = [people[pk] for pk in after if pk not in before and pk in people]
    values = {
        "organisation": own.organisation,
        "at": moment.astimezone(ZoneInfo(own.time_zone)).strftime("%H:%M"),
        "left": _names(left),
        "now": _names(people[pk] for pk in after if pk in people),
    }
    with translation.override(settings.LANGUAGE_CODE):
        for person in left:
            words = _("Your duty at %(organisation)s has ended at %(at)s.") % values
            _put(own, moment, person, [words, _taken_over(values), _open(own)])
        for person in came:
            words = _("You are on duty at %(organisation)s since %(at)s.") % values
            before_you = _("You take over from %(left)s.") % values if left else ""
            _put(own, moment, person, [words, before_you, _open(own)])


def _taken_over(values: dict[str, object]) -> str:
    if not values["now"]:
        return _("Nobody has taken over: the residents' own contacts are notified.")
    return _("Now on duty: %(now)s.") % values


def _open(own: Rota) -> str:
    path = own.organisation.path
    number = HelpRequest.objects.filter(organisation__path__startswith=path, closed_at=None).count()
    words = ngettext("%(number)d call for help is open.", "%(number)d calls for help are open.", number)
    return words % {"number": number} if number else ""


def _put(own: Rota, moment: datetime, person: RotaPerson, lines: Iterable[str]) -> None:
    letter = Letter(
        key=f"handover/{own.pk}/{moment:%Y%m%d%H%M}/{person.pk}",
        about=ABOUT,
        who=person.name,
        subject=_("Hand-over: %(organisation)s") % {"organisation": own.organisation},
        body="\n".join(line for line in lines if line) + "\n",
        addresses=(Address("email", person.email), Address("phone", person.phone)),
    )
    put(own.organisation, letter, until=moment + 2 * rota.QUARTER)


def _names(people: Iterable[RotaPerson]) -> str:
    return ", ".join(person.name for person in people)
