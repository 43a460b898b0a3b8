"""The button that starts a device's self-test."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from cloud.devices.models import Device
from cloud.devices.self_test import ask
from cloud.organisations.request import DeskRequest


@require_POST
def start(request: DeskRequest, device: str) -> HttpResponse:
    """Request a test; the device's page shows its progress."""
    found = get_object_or_404(Device.objects.visible_to(request.user), pk=device)
    ask(found, request.user)
    return redirect("screens:device", found.pk)
