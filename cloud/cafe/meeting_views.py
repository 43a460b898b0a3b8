"""Pages of events, for content producers, and of an organisation's table settings."""

from contextlib import suppress

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from cloud.base.forms import saved
from cloud.cafe import keeping, rooms, seating
from cloud.cafe.forms import CafeSettingsForm, MeetingForm
from cloud.cafe.models import CafeSettings, Meeting, Seat
from cloud.organisations.models import Organisation
from cloud.organisations.request import DeskRequest

MOST_PAST = 20


@require_GET
def meetings(request: DeskRequest) -> HttpResponse:
    """List planned and past events, and the cafés that are open now."""
    now = timezone.now()
    all_of_them = Meeting.objects.visible_to(request.user).prefetch_related("hosts")
    organisations = Organisation.objects.visible_to(request.user)
    context = {
        "section": "meetings",
        "coming": all_of_them.filter(ended_at=None),
        "past": all_of_them.exclude(ended_at=None).order_by("-ended_at")[:MOST_PAST],
        "open": [(room, rooms.present(room.id)) for room in rooms.cafe_rooms(organisations, now)],
        "organisations": organisations,
        "soon": now + rooms.OPENS_BEFORE,
    }
    return render(request, "cafe/meetings.html", context)


def new_meeting(request: DeskRequest) -> HttpResponse:
    """Plan a new event of the user's own organisation."""
    return _edit(request, Meeting(organisation=request.user.organisation))


def meeting(request: DeskRequest, pk: int) -> HttpResponse:
    """Show one event and its attendance; edit or end it."""
    return _edit(request, get_object_or_404(Meeting.objects.visible_to(request.user), pk=pk))


@require_GET
def event_picture(request: DeskRequest, pk: int) -> HttpResponse:
    """Serve the picture of one event."""
    found = get_object_or_404(Meeting.objects.visible_to(request.user).select_related("picture"), pk=pk)
    if found.picture is None:
        raise Http404
    return HttpResponse(bytes(found.picture.data), content_type="image/jpeg")


@require_POST
def end_meeting(request: DeskRequest, pk: int) -> HttpResponse:
    """End an event for everybody, also before it has begun."""
    found = get_object_or_404(Meeting.objects.visible_to(request.user), pk=pk, ended_at=None)
    room = found.room
    stale = keeping.end(found, "ended_for_all") | {room}
    for seat in (
        Seat.objects.visible_to(request.user).filter(room=room, left_at=None).select_related("organisation")
    ):
        with suppress(seating.TooMany):
            seating.ask(seat, "over")
    keeping.refresh_screens(stale)
    messages.success(request, _("The event has ended for everybody."))
    return redirect("cafe:meetings")


def rules(request: DeskRequest, organisation: int) -> HttpResponse:
    """Edit an organisation's table settings."""
    owner = get_object_or_404(Organisation.objects.visible_to(request.user), pk=organisation)
    own = CafeSettings.objects.visible_to(request.user).filter(organisation=owner).first()
    own = own or CafeSettings(organisation=owner)
    form = CafeSettingsForm(request.POST or None, instance=own)
    if request.method == "POST" and saved(form, form.save, lambda: None):
        messages.success(request, _("Saved."))
        return redirect("cafe:meetings")
    context = {"section": "meetings", "organisation": owner, "form": form}
    return render(request, "cafe/rules.html", context)


def _edit(request: DeskRequest, instance: Meeting) -> HttpResponse:
    before = keeping.invited_to(instance) if instance.pk and request.method == "POST" else set()
    form = MeetingForm(
        request.POST or None, request.FILES or None, instance=instance, user=request.user, search=request.GET
    )
    if request.method == "POST" and saved(form, form.save, lambda: _push(form.instance, before)):
        messages.success(request, _("Saved."))
        return redirect("cafe:meetings")
    seats = instance.seats.select_related("resident", "contact", "user") if instance.pk else []
    context = {"section": "meetings", "meeting": instance, "form": form, "seats": seats}
    return render(request, "cafe/meeting.html", context)


def _push(instance: Meeting, before: set[int]) -> None:
    """Update the screens of those invited now or before."""
    keeping.refresh_screens({instance.room})
    keeping.refresh_residents(before)
