"""The operator's pages: open alarms with everything needed to answer them, and answer times."""

import csv
from collections.abc import Callable
from urllib.parse import quote

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from cloud.base.csv_cell import cell
from cloud.base.fragments import fragment
from cloud.base.seal import Unreadable
from cloud.calls import own_views
from cloud.devices import health
from cloud.help import board
from cloud.help.forms import ClosingForm
from cloud.help.models import HelpRequest, Partner
from cloud.help.situation import contacts_of, hours_of
from cloud.organisations.models import User
from cloud.organisations.request import DeskRequest
from cloud.organisations.scope import ScopedQuerySet
from cloud.partner import answers, readiness, safe_words
from cloud.partner.duress import is_told
from cloud.partner.forms import NoteForm
from cloud.partner.models import DuressAlarm, OperatorStep
from cloud.people.photo_views import photo_of

PERIODS = (7, 30, 365)
MOST_PARTNERS = 20


@require_GET
def alarms(request: DeskRequest) -> HttpResponse:
    """Show all open alarms of the operator's organisations, and today's service level."""
    partners = Partner.objects.visible_to(request.user).select_related("organisation")
    context = {"section": "alarms", "partners": partners[:MOST_PARTNERS], **_open(request.user)}
    return render(request, "partner/alarms.html", context)


@require_GET
def part(request: DeskRequest) -> HttpResponse:
    """Return the alarms as a fragment."""
    return fragment(request, "partner/open_alarms.html", _open(request.user))


def alarm(request: DeskRequest, pk: int) -> HttpResponse:
    """Show one alarm: resident, contacts to call, steps so far, and its possible ends."""
    entry = get_object_or_404(_alarms(request.user), pk=pk)
    form = ClosingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _step(request, pk, lambda pk, user: board.close(pk, user, **form.cleaned_data))
    return render(request, "partner/alarm.html", _context(request, entry) | {"form": form})


@require_GET
def photo(request: DeskRequest, pk: int) -> HttpResponse:
    """Serve the resident's photo while the alarm is open."""
    return photo_of(get_object_or_404(_alarms(request.user), pk=pk, closed_at=None).resident)


@require_POST
def take(request: DeskRequest, pk: int) -> HttpResponse:
    """Assign the alarm to this operator; of two at once one wins."""
    return _step(request, pk, board.take)


@require_POST
def give_back(request: DeskRequest, pk: int) -> HttpResponse:
    """Return the alarm to the organisation: the escalation continues."""
    return _step(request, pk, board.give_back)


@require_POST
def note(request: DeskRequest, pk: int) -> HttpResponse:
    """Keep what the operator writes down, with its time, while the alarm is open."""
    entry = get_object_or_404(_alarms(request.user), pk=pk, closed_at=None)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return render(
            request,
            "partner/alarm.html",
            _context(request, entry) | {"form": ClosingForm(), "note_form": form},
        )
    safe_words.note(entry, OperatorStep.Kind.NOTED, request.user, form.cleaned_data["words"])
    return redirect("partner:alarm", pk)


@require_POST
def call(request: DeskRequest, pk: int) -> HttpResponse:
    """Call the resident's screen; only the operator who has taken the alarm may, while it is open."""
    entry = get_object_or_404(_alarms(request.user), pk=pk)
    if entry.closed_at or entry.taken_by_id != request.user.pk or entry.resident is None:
        messages.warning(request, _("Answer the alarm first: then you may call the screen."))
        return redirect("partner:alarm", pk)
    safe_words.note(entry, OperatorStep.Kind.CALLED, request.user)
    return own_views.come_in(request, f"?call={entry.resident.pk}")


@never_cache
@require_POST
def reveal(request: DeskRequest, pk: int) -> HttpResponse:
    """Show the safe words of an open alarm; this is logged."""
    entry = get_object_or_404(_alarms(request.user), pk=pk)
    context = _context(request, entry)
    try:
        context["words"] = safe_words.reveal(entry, request.user)
    except Unreadable:
        messages.error(request, _("The safe words cannot be read: the desk's key is another one."))
    return render(request, "partner/alarm.html", context | {"form": ClosingForm()})


@require_POST
def well(request: DeskRequest, pk: int) -> HttpResponse:
    """Record that the resident is well."""
    entry = get_object_or_404(_alarms(request.user), pk=pk, closed_at=None)
    safe_words.note(entry, OperatorStep.Kind.WELL, request.user)
    return redirect("partner:alarm", pk)


@require_POST
def duress(request: DeskRequest, pk: int) -> HttpResponse:
    """Record that the resident said the duress word."""
    entry = get_object_or_404(_alarms(request.user), pk=pk)
    return _step(request, pk, lambda _pk, user: safe_words.confirm_duress(entry, user))


@require_POST
@transaction.atomic
def settle(request: DeskRequest, pk: int) -> HttpResponse:
    """Mark a duress alarm as handled."""
    entry = get_object_or_404(_alarms(request.user), pk=pk)
    rows = DuressAlarm.objects.visible_to(request.user).select_for_update(of=("self",))
    found = rows.filter(request=entry, settled_at=None).first()
    if found:
        found.settled_by, found.settled_at = request.user, timezone.now()
        found.save(update_fields=["settled_by", "settled_at"])
    return redirect("partner:alarms")


@require_GET
def answer_times(request: DeskRequest) -> HttpResponse:
    """Show answer times by day against the service level."""
    days = _days(request)
    rows = answers.waits(request.user, days)
    context = {
        "section": "alarms",
        "days": days,
        "periods": PERIODS,
        "times": answers.count(wait for _received_at, wait in rows),
        "by_day": answers.by_day(rows),
    }
    return render(request, "partner/answers.html", context)


@require_GET
def answer_times_csv(request: DeskRequest) -> HttpResponse:
    """Export every alarm of the period with its waiting time as CSV."""
    name = f"answers-{localdate().isoformat()}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8", headers=headers)
    writer = csv.writer(response, delimiter=";")
    writer.writerow([_("Received"), _("Organisation"), _("Resident"), _("Seconds until answered")])
    for row, wait in answers.of_user(request.user, _days(request)):
        received = localtime(row.received_at).isoformat(timespec="seconds")
        seconds = round(wait.total_seconds()) if wait is not None else ""
        writer.writerow([cell(each) for each in (received, row.organisation, row.resident or "", seconds)])
    return response


def _days(request: DeskRequest) -> int:
    asked = request.GET.get("days", "")
    return next((days for days in PERIODS if str(days) == asked), PERIODS[1])


def _open(user: User) -> dict[str, object]:
    duress = DuressAlarm.objects.visible_to(user).filter(settled_at=None).select_related("request__resident")
    return {
        "alarms": board.open_requests(user),
        "times": answers.lately(user, 30),
        "duress": [(each, is_told(each)) for each in duress],
        **readiness.tests_among(user),
    }


def _alarms(user: User) -> ScopedQuerySet[HelpRequest]:
    rows = board.every_request(user)
    return rows.select_related(
        "resident__care", "resident__readiness", "resident__safe_words", "resident__home"
    )


def _context(request: DeskRequest, entry: HelpRequest) -> dict[str, object]:
    hours, now = hours_of(entry), timezone.now()
    return {
        "section": "alarms",
        "entry": entry,
        "contacts": [(each.name, each.phone(hours, now), each.decides) for each in contacts_of(entry)],
        "is_office": hours.at(now),
        "operator_steps": OperatorStep.objects.visible_to(request.user).filter(request=entry),
        "is_test": readiness.is_test(entry),
        "has_words": safe_words.has_words(entry.resident),
        "note_form": NoteForm(),
        # Of no use once nobody has to go there any more.
        **({} if entry.closed_at else _there(entry)),
    }


def _there(entry: HelpRequest) -> dict[str, object]:
    """Return where the resident lives, what to know, and how the device is."""
    home = getattr(entry.resident, "home", None)
    address = home.address if home else ""
    return {
        "map_url": f"{settings.MAP_ADDRESS}{quote(address)}" if address and settings.MAP_ADDRESS else "",
        "faults": health.faults_now(entry.device),
    }


def _step(request: DeskRequest, pk: int, step: Callable[[int, User], None]) -> HttpResponse:
    try:
        step(pk, request.user)
    except HelpRequest.DoesNotExist:
        raise Http404 from None
    except board.TooLate as late:
        messages.warning(request, str(late))
        return redirect("partner:alarm", pk)
    entry = get_object_or_404(_alarms(request.user), pk=pk)
    return redirect("partner:alarms") if entry.closed_at else redirect("partner:alarm", pk)
