"""The page of a device."""

import logging
from base64 import b64encode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from cloud.base.forms import saved
from cloud.base.fragments import fragment
from cloud.devices.documents import refresh
from cloud.devices.health import open_faults
from cloud.devices.incoming import device_reassigned
from cloud.devices.installer_pin import pin_of
from cloud.devices.models import Device
from cloud.devices.renewal import ends_at
from cloud.devices.retirement_views import RetireForm
from cloud.devices.self_test import words as self_test_words
from cloud.organisations.request import DeskRequest
from cloud.screens.event_log import event_log
from cloud.screens.forms import DeviceForm, ViewForm
from cloud.screens.models import ResidentView
from cloud.screens.preview import PreviewFailed, preview
from cloud.screens.sync_status import sync_status_of
from cloud.screens.zone import zone_of

log = logging.getLogger(__name__)


@require_GET
def device(request: DeskRequest, pk: str) -> HttpResponse:
    """Show one device: its resident's view, and the confirmed state of its screen."""
    found = _visible(request, pk)
    view = _view_of(found)
    context = {
        "form": ViewForm(instance=view) if view else None,
        "device_form": DeviceForm(instance=found, user=request.user, search=request.GET),
        "retire_form": RetireForm() if found.is_enrolled else None,
    }
    return render(request, "screens/device.html", {"section": "devices", **context, **_state(found)})


@require_GET
def state(request: DeskRequest, pk: str) -> HttpResponse:
    """Return the state of screen and device as a fragment."""
    return fragment(request, "screens/state.html", _state(_visible(request, pk)))


@require_POST
def save_view(request: DeskRequest, pk: str) -> HttpResponse:
    """Save the view and send it to the screen."""
    found = _visible(request, pk)
    view = _view_of(found)
    if view is None:
        raise Http404
    form = ViewForm(request.POST, instance=view)
    is_saved = saved(form, form.save, lambda: refresh(found))
    if request.htmx:
        context = {"device": found, "form": form, "is_saved": is_saved}
        return render(request, "screens/view_form.html", context)
    if is_saved:
        return redirect("screens:device", pk)
    device_form = DeviceForm(instance=found, user=request.user, search=request.GET)
    context = {"section": "devices", "form": form, "device_form": device_form}
    return render(request, "screens/device.html", {**context, **_state(found)})


@require_POST
def show_preview(request: DeskRequest, pk: str) -> HttpResponse:
    """Render the screen with the view of the form, before it is saved (K9)."""
    found = _visible(request, pk)
    view = _view_of(found)
    if view is None:
        raise Http404
    form = ViewForm(request.POST, instance=view)
    context: dict[str, object] = {"form": form}
    if form.is_valid():
        try:
            drawn = preview(found, form.save(commit=False))
            context |= {"picture": b64encode(drawn.png).decode(), "cut": drawn.cut}
        except PreviewFailed as error:
            log.warning("no preview: %s", error)
            context["failed"] = True
    return render(request, "screens/preview.html", context)


@require_POST
def save_device(request: DeskRequest, pk: str) -> HttpResponse:
    """Save whose the device is, and whether it is in use."""
    found = _visible(request, pk)
    form = DeviceForm(request.POST, instance=found, user=request.user, search=request.GET)

    def push() -> None:
        refresh(found)
        device_reassigned.send(Device, device=found)

    if saved(form, form.save, push):
        messages.success(request, _("Saved."))
        return redirect("screens:device", pk)
    messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
    return redirect("screens:device", pk)


def _visible(request: DeskRequest, pk: str) -> Device:
    rows = Device.objects.visible_to(request.user).select_related(
        "resident__organisation", "organisation", "retirement__asked_by"
    )
    return get_object_or_404(rows, pk=pk)


def _view_of(device: Device) -> ResidentView | None:
    if device.resident is None:
        return None
    return getattr(device.resident, "view", None) or ResidentView(resident=device.resident)


def _state(device: Device) -> dict[str, object]:
    return {
        "device": device,
        "zone": zone_of(device.resident),
        "sync_status": sync_status_of(device),
        "event_log": event_log(device),
        "heartbeat": device.heartbeat or {},
        "faults": open_faults(device),
        "self_test": self_test_words(device),
        "certificate_ends_at": ends_at(device),
        "installer_pin": pin_of(device),
    }
