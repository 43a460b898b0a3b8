"""Pages of a resident's messages: planned, past, and new ones."""

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from cloud.base.forms import saved
from cloud.delivery.models import Delivery
from cloud.devices.documents import refresh_resident
from cloud.messages import group, ladder
from cloud.messages.forms import OwnPhoneForm, SendForm
from cloud.messages.models import Message, OptOut, ResidentPhone
from cloud.organisations.models import User
from cloud.organisations.request import DeskRequest
from cloud.people.models import Resident
from cloud.people.phone import for_people
from cloud.people.views import visible_resident
from cloud.screens.zone import zone_of
from device.contract.documents import Document

MOST_SHOWN = 100
# The only document that changes with messages.
PLAN: Document = "messages"


@require_GET
def resident_messages(request: DeskRequest, pk: int) -> HttpResponse:
    """Show planned messages, and the history (M11)."""
    return _page(request, visible_resident(request.user, pk))


@require_POST
def send(request: DeskRequest, pk: int) -> HttpResponse:
    """Send a message that takes the screen as soon as possible (M1)."""
    resident = visible_resident(request.user, pk)
    form = SendForm(request.POST, organisation=resident.organisation)
    if saved(form, lambda: _save(form, resident, request.user), lambda: refresh_resident(resident, PLAN)):
        messages.success(request, _("The message is on its way to the screen."))
        return redirect("messages:resident", pk)
    return _page(request, resident, form)


@require_POST
@transaction.atomic
def withdraw(request: DeskRequest, pk: int, message: int) -> HttpResponse:
    """Withdraw a message that has not been shown."""
    resident = visible_resident(request.user, pk)
    rows = Message.objects.visible_to(request.user).filter(resident=resident)
    found = get_object_or_404(rows, pk=message)
    if found.appointment:
        resident.opt_outs.get_or_create(appointment=found.appointment)
    else:
        rows.filter(pk=found.pk, state=Message.State.PLANNED).delete()
    refresh_resident(resident, PLAN)
    return redirect("messages:resident", pk)


@require_POST
def own_phone(request: DeskRequest, pk: int) -> HttpResponse:
    """Edit the phone number that gets messages which no tablet shows."""
    resident = visible_resident(request.user, pk)
    form = OwnPhoneForm(request.POST, time_zone=str(zone_of(resident)))
    own = ResidentPhone.objects.visible_to(request.user).filter(resident=resident)

    def save() -> None:
        if number := form.cleaned_data["number"]:
            own.update_or_create(resident=resident, defaults={"number": number})
        else:
            own.delete()

    if saved(form, save, lambda: refresh_resident(resident, PLAN)):
        messages.success(request, _("Saved."))
        return redirect("messages:resident", pk)
    return _page(request, resident, phone_form=form)


@require_POST
@transaction.atomic
def opt_out(request: DeskRequest, pk: int) -> HttpResponse:
    """Opt out of all reminders, or opt in again (M9)."""
    resident = visible_resident(request.user, pk)
    if "again" in request.POST:
        OptOut.objects.visible_to(request.user).filter(resident=resident).delete()
    else:
        resident.opt_outs.get_or_create(appointment="")
    refresh_resident(resident, PLAN)
    return redirect("messages:resident", pk)


@require_GET
def unconfirmed(request: DeskRequest) -> HttpResponse:
    """List unconfirmed reminders with the people notified so far (K6)."""
    rows = open_at_desk(request.user).select_related("resident").prefetch_related("steps__delivery")
    return render(request, "messages/unconfirmed.html", {"section": "messages", "rows": rows[:MOST_SHOWN]})


@require_POST
def settle(request: DeskRequest, message: int) -> HttpResponse:
    """Mark an unconfirmed reminder as handled."""
    rows = Message.objects.visible_to(request.user).filter(state__in=Message.OPEN, asks_confirmation=True)
    found = get_object_or_404(Message.objects.visible_to(request.user), pk=message)
    with transaction.atomic():
        done = {"state": Message.State.CONFIRMED, "answered_at": timezone.now(), "by": request.user}
        rows.filter(pk=found.pk).update(**done)
        refresh_resident(found.resident, PLAN)
    return redirect("messages:unconfirmed")


def open_at_desk(user: User) -> QuerySet[Message]:
    """Return reminders that the escalation has brought to the desk."""
    return (
        Message.objects.visible_to(user)
        .filter(state__in=Message.OPEN, steps__key=ladder.DESK)
        .order_by("-until")
    )


def _save(form: SendForm, resident: Resident, by: User) -> None:
    data = form.cleaned_data
    group.tell_each([resident], data["title"], form.words, by, any_hour=data["any_hour"])


def _page(
    request: DeskRequest,
    resident: Resident,
    form: SendForm | None = None,
    phone_form: OwnPhoneForm | None = None,
) -> HttpResponse:
    own = ResidentPhone.objects.visible_to(request.user).filter(resident=resident).first()
    number = {"number": for_people(own.number) if own else ""}
    rows, now = Message.objects.visible_to(request.user).filter(resident=resident), timezone.now()
    is_ahead = {"state": Message.State.PLANNED, "until__gt": now}
    context = {
        "section": "people",
        "tab": "messages",
        "resident": resident,
        "form": form or SendForm(organisation=resident.organisation),
        "phone_form": phone_form or OwnPhoneForm(initial=number, time_zone=""),
        "zone": zone_of(resident),
        "ahead": rows.filter(**is_ahead).select_related("delivery")[:MOST_SHOWN],
        "over": rows.exclude(**is_ahead).select_related("delivery").order_by("-due_at")[:MOST_SHOWN],
        "deliveries": Delivery.objects.visible_to(request.user).filter(resident=resident)[:MOST_SHOWN],
        "opt_outs": OptOut.objects.visible_to(request.user).filter(resident=resident),
    }
    return render(request, "messages/resident.html", context)
