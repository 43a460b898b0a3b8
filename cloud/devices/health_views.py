"""The health page of all devices, and the number in the menu."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from cloud.base.fragments import fragment
from cloud.devices.health import Order, healths
from cloud.organisations.request import DeskRequest


@require_GET
def show(request: DeskRequest) -> HttpResponse:
    """Show every device of the user's organisations, the worst first."""
    return render(request, "devices/health.html", {"section": "health", **_rows(request)})


@require_GET
def rows(request: DeskRequest) -> HttpResponse:
    """Return the list as a fragment."""
    return fragment(request, "devices/health_rows.html", _rows(request))


@require_GET
def count(request: DeskRequest) -> HttpResponse:
    """Return the number of devices with faults, for the menu."""
    return fragment(request, "devices/health_count.html", {})


def _rows(request: DeskRequest) -> dict[str, object]:
    order: Order = "name" if request.GET.get("sort") == "name" else "worst"
    return {"rows": healths(request.user, order), "order": order}
