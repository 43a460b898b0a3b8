"""A message to everybody of a home, or to those who are chosen (M1)."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from cloud.devices.documents import refresh_residents
from cloud.messages import group
from cloud.messages.forms import HomeForm
from cloud.organisations.models import Organisation
from cloud.organisations.request import DeskRequest
from cloud.people.models import Resident
from device.contract.documents import Document

# The only document that changes.
PLAN: tuple[Document, ...] = ("messages",)


def page(request: DeskRequest) -> HttpResponse:
    """Show the residents of a home with the message, and send it to those who are chosen."""
    asked = request.POST if request.method == "POST" else request.GET
    homes = list(Organisation.objects.visible_to(request.user).order_by("path"))
    home = next((each for each in homes if str(each.pk) == asked.get("home")), homes[0])
    residents = (
        Resident.objects.visible_to(request.user).present().filter(organisation__path__startswith=home.path)
    )
    rows = list(
        residents.select_related("organisation").order_by("last_name", "first_name", "pk")[: group.MOST]
    )
    form = HomeForm(request.POST or None, organisation=home)
    ids = set(request.POST.getlist("resident"))
    chosen = [each for each in rows if str(each.pk) in ids]
    if request.method == "POST" and form.is_valid():
        if chosen:
            _send(request, form, chosen)
            return redirect("messages:unconfirmed")
        form.add_error(None, _("Choose at least one."))
    context = {
        "section": "messages",
        "homes": homes,
        "home": home,
        "rows": [(each, not ids or each in chosen) for each in rows],
        "form": form,
        "is_full": len(rows) >= group.MOST,
    }
    return render(request, "messages/home.html", context)


def _send(request: DeskRequest, form: HomeForm, residents: list[Resident]) -> None:
    with transaction.atomic():
        data = form.cleaned_data
        group.tell_each(residents, data["title"], form.words, request.user, any_hour=data["any_hour"])
    # In transactions of their own: nobody's help waits until hundreds of documents are composed.
    refresh_residents(residents, PLAN)
    messages.success(request, _("Messages on their way: %(count)d") % {"count": len(residents)})
