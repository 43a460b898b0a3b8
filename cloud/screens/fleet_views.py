"""The page of the fleet, and actions on many devices."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from cloud.base.fragments import fragment
from cloud.devices.models import Device
from cloud.organisations.request import DeskRequest
from cloud.screens import bulk, fleet

MOST_NAMED = 20


@require_GET
def devices(request: DeskRequest) -> HttpResponse:
    """Show devices of the user's organisations, a page at a time."""
    context = {"section": "devices", "actions": bulk.ACTIONS.items(), **_rows(request)}
    return render(request, "screens/devices.html", context)


@require_GET
def device_rows(request: DeskRequest) -> HttpResponse:
    """Return the list as a fragment."""
    return fragment(request, "screens/device_rows.html", _rows(request))


@require_GET
def device_row(request: DeskRequest, device: str) -> HttpResponse:
    """Return one row of the list."""
    found = fleet.of_device(request.user, device)
    if not found:
        raise Http404
    return fragment(request, "screens/device_row.html", {"rows": found})


def _rows(request: DeskRequest) -> dict[str, object]:
    wanted = fleet.Wanted.of(request.GET)
    rows, after = fleet.page(request.user, wanted)
    here = urlencode({**wanted.filters, **({"after": wanted.after} if wanted.after else {})})
    return {
        "rows": rows,
        "wanted": wanted,
        "filters": urlencode(wanted.filters),
        "here": here,
        "next": urlencode({**wanted.filters, "after": after}) if after else "",
        "uses": Device.Use.choices,
        "rings": Device.Ring.choices,
        "states": [
            ("well", _("works")),
            ("faulty", _("with a fault")),
            ("silent", _("silent")),
            ("retired", _("retired")),
        ],
    }


@require_POST
def preview(request: DeskRequest) -> HttpResponse:
    """Show the action's effect on the chosen devices, or on all that match."""
    name = request.POST.get("action", "")
    chosen = request.POST.getlist("device")[: bulk.MOST_AT_ONCE]
    if name not in bulk.ACTIONS or not (chosen or request.POST.get("all")):
        messages.error(request, _("Choose devices and what is to be done with them."))
        return redirect("screens:devices")
    wanted = fleet.Wanted.of(request.POST)
    rows = fleet.devices(request.user, wanted)
    if not request.POST.get("all"):
        rows = fleet.devices(request.user, fleet.Wanted()).filter(pk__in=chosen)
    found = list(rows.select_related("resident", "organisation")[: bulk.MOST_AT_ONCE])
    shown = bulk.preview(name, found)
    context = {"section": "devices", "preview": shown, "named": shown.changes[:MOST_NAMED]}
    context["more"] = max(0, len(shown.changes) - MOST_NAMED)
    return render(request, "screens/bulk.html", context)


@require_POST
def carry_out(request: DeskRequest) -> HttpResponse:
    """Execute exactly what the preview has shown."""
    try:
        done = bulk.carry_out(request.POST.get("token", ""), request.user)
    except signing.BadSignature:
        messages.error(request, _("That is too long ago: look at the preview once more."))
        return redirect("screens:devices")
    words = ngettext("Done for %(number)s device.", "Done for %(number)s devices.", done)
    messages.success(request, words % {"number": done})
    return redirect("screens:devices")
