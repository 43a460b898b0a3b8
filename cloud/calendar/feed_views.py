"""Pages that create, revoke and serve the feed's link."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from cloud.calendar import feed
from cloud.calendar.models import CalendarFeed
from cloud.organisations.request import DeskRequest
from cloud.people.views import visible_resident


@never_cache
@require_POST
def make(request: DeskRequest, pk: int) -> HttpResponse:
    """Create a new link, which is shown only once."""
    resident = visible_resident(request.user, pk)
    path = reverse("calendar:feed", args=[feed.make(resident, request.user)])
    context = {"section": "people", "tab": "calendar", "resident": resident}
    return render(request, "calendar/feed.html", context | {"link": request.build_absolute_uri(path)})


@require_POST
def revoke(request: DeskRequest, pk: int) -> HttpResponse:
    """Revoke the feed's link: calendars that use it get 404 from then on."""
    resident = visible_resident(request.user, pk)
    CalendarFeed.objects.visible_to(request.user).filter(resident=resident).delete()
    messages.success(request, _("The calendar's link is revoked."))
    return redirect("calendar:appointments", pk)


@login_not_required
@never_cache
@require_GET
def show(_request: HttpRequest, secret: str) -> HttpResponse:
    """Serve the calendar to any client with the link."""
    found = feed.find(secret)
    if found is None:
        raise Http404
    return HttpResponse(feed.as_ical(found.resident), content_type="text/calendar; charset=utf-8")
