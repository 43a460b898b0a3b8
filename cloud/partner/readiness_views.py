"""Pages of reliable alarms, missing conditions, and tests (K10)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from cloud.devices.models import Device
from cloud.organisations.request import DeskRequest
from cloud.partner import readiness
from cloud.partner.go_live import WORDS
from cloud.partner.models import HomeAssistantDevice
from cloud.people.models import Resident


@require_GET
def show(request: DeskRequest) -> HttpResponse:
    """Show unreliable alarms first, each with what is missing and its last test."""
    now = timezone.now()
    rows = [
        {
            "row": row,
            "missing": [WORDS[code] for code in row.missing],
            "is_due": readiness.is_due(row.tested_at, now),
        }
        for row in readiness.relevant(request.user).exclude(changed_at=None)
    ]
    rows.sort(key=lambda each: not each["missing"])
    return render(request, "partner/readiness.html", {"section": "people", "rows": rows})


@require_POST
def begin(request: DeskRequest, pk: int) -> HttpResponse:
    """Expect the next press at this resident's device as a test."""
    found = get_object_or_404(Resident.objects.visible_to(request.user), pk=pk, device__use=Device.Use.IN_USE)
    readiness.begin_test(found, request.user)
    messages.success(request, _("Press for help at the device within 15 minutes. It goes the whole way."))
    return redirect("partner:readiness")


@require_POST
def plan(request: DeskRequest, pk: int) -> HttpResponse:
    """Set whether this resident's screen asks for the monthly test."""
    found = get_object_or_404(Resident.objects.visible_to(request.user), pk=pk)
    invites = request.POST.get("invites") == "1"
    readiness.plan_tests(found, invites=invites)
    messages.success(request, _("Saved."))
    return redirect("partner:resident", pk)


@require_POST
def home_assistant(request: DeskRequest, pk: int) -> HttpResponse:
    """Set whether this resident's device is published to Home Assistant."""
    device = get_object_or_404(Device.objects.visible_to(request.user), resident=pk)
    rows = HomeAssistantDevice.objects.visible_to(request.user)
    rows.update_or_create(device=device, defaults={"is_shown": request.POST.get("shown") == "1"})
    messages.success(request, _("Saved."))
    return redirect("partner:resident", pk)
