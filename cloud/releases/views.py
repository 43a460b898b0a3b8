"""The page of releases: rollout, results, and reasons of a halt."""

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from cloud.devices.models import Device
from cloud.organisations.request import DeskRequest
from cloud.releases.models import DeviceRelease, Release
from cloud.releases.rings import extend, find, halt, newest

MOST_SHOWN = 20
Stage = DeviceRelease.Stage


@require_GET
def show(request: DeskRequest) -> HttpResponse:
    """Show the newest releases, and the rings of the devices that the user sees."""
    releases = newest(MOST_SHOWN)
    words = DeviceRelease.objects.visible_to(request.user)
    counted = words.filter(number__in=[each.number for each in releases]).values("number", "stage")
    counts = {(row["number"], row["stage"]): row["devices"] for row in counted.annotate(devices=Count("pk"))}
    devices = Device.objects.visible_to(request.user).exclude(certificate_pem="").values("ring")
    rings = {row["ring"]: row["devices"] for row in devices.annotate(devices=Count("pk"))}
    context = {
        "section": "releases",
        "rows": [
            (each, [(stage.label, counts.get((each.number, stage.value), 0)) for stage in Stage])
            for each in releases
        ],
        "rings": [(ring.label, rings.get(ring.value, 0)) for ring in Device.Ring],
        "reaches": Release.Reach.choices,
        "reasons": words.exclude(reason="").select_related("device__resident").order_by("-at")[:MOST_SHOWN],
    }
    return render(request, "releases/releases.html", context)


@require_POST
def change(request: DeskRequest) -> HttpResponse:
    """Extend the rollout, or halt it."""
    number = request.POST.get("release", "")
    release = find(int(number)) if number.isdecimal() and len(number) < 18 else None
    if release is None:
        messages.error(request, _("There is no such release."))
        return redirect("releases:show")
    wanted = request.POST.get("reach", "")
    if wanted == "halt":
        halt(release)
        messages.success(request, _("Halted: no further device gets it."))
    elif wanted in {str(each.value) for each in Release.Reach}:
        extend(release, int(wanted), request.user)
        messages.success(request, _("Saved."))
    return redirect("releases:show")
