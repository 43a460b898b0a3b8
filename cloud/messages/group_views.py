"""A performer is ill: select the day, see who is booked, cancel and notify in one step (M1)."""

from datetime import date

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from cloud.devices.documents import refresh_residents
from cloud.messages import group
from cloud.messages.forms import GroupForm
from cloud.organisations.request import DeskRequest


def page(request: DeskRequest) -> HttpResponse:
    """Show the list of a day, and the message to the selected residents."""
    asked = request.POST if request.method == "POST" else request.GET
    day, performer = _day(asked.get("day", "")), asked.get("performer", "").strip()[:150].replace("\0", "")
    rows = group.booked(request.user, day, performer)
    form = GroupForm(request.POST or None, organisation=request.user.organisation)
    chosen = set(request.POST.getlist("booked"))
    booked = [each for each in rows if group.name_of(each) in chosen]
    if request.method == "POST" and form.is_valid():
        if booked:
            _tell(request, form, booked)
            return redirect("messages:unconfirmed")
        form.add_error(None, _("Choose at least one."))
    context = {
        "section": "messages",
        "day": day,
        "performer": performer,
        "rows": [
            (each, group.name_of(each), each.starts[11:], not chosen or each in booked) for each in rows
        ],
        "form": form,
        "is_full": len(rows) >= group.MOST,
    }
    return render(request, "messages/group.html", context)


def _tell(request: DeskRequest, form: GroupForm, booked: list[group.Booked]) -> None:
    data = form.cleaned_data
    with transaction.atomic():
        residents = group.tell(booked, data["title"], form.words, request.user, cancels=data["cancels"])
    # In transactions of their own: nobody's help waits until hundreds of documents are composed.
    refresh_residents(residents, ("calendar", "messages"))
    messages.success(request, _("Messages on their way: %(count)d") % {"count": len(booked)})


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return timezone.localdate()
