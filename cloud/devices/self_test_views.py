"""The button that lets a device test itself."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from cloud.devices.models import Device
from cloud.devices.self_test import ask
from cloud.organisations.request import DeskRequest


@require_POST
def start(request: DeskRequest, device: str) -> HttpResponse:
    """Asked for; the device's page says how it goes."""
    found = get_object_or_404(Device.objects.visible_to(request.user), pk=device)
    ask(found, request.user)
    return redirect("screens:device", found.pk)
