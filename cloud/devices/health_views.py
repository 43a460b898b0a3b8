"""The health page of all devices, and the number in the menu."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from cloud.base.fragments import fragment
from cloud.devices import health
from cloud.organisations.request import DeskRequest


@require_GET
def show(request: DeskRequest) -> HttpResponse:
    """Show one page of the user's devices, the worst first."""
    return render(request, "devices/health.html", {"section": "health", **_rows(request)})


@require_GET
def rows(request: DeskRequest) -> HttpResponse:
    """Return the list as a fragment."""
    return fragment(request, "devices/health_rows.html", _rows(request))


@require_GET
def row(request: DeskRequest, device: str) -> HttpResponse:
    """Return one row of the list."""
    found = health.of_device(request.user, device)
    if not found:
        raise Http404
    return fragment(request, "devices/health_row.html", {"rows": found})


@require_GET
def count(request: DeskRequest) -> HttpResponse:
    """Return the number of devices with faults, for the menu."""
    return fragment(request, "devices/health_count.html", {"faulty": health.faulty(request.user).count()})


def _rows(request: DeskRequest) -> dict[str, object]:
    order: health.Order = "name" if request.GET.get("sort") == "name" else "worst"
    asked = request.GET.get("page", "")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1
    found, is_more = health.page(request.user, order, number)
    return {"rows": found, "order": order, "page": number, "next": number + 1 if is_more else None}
