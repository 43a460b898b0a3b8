"""The page that adds a device, and the printed sheet."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from cloud.devices.models import Device
from cloud.organisations.request import DeskRequest
from cloud.pki.authority import desk_authority
from cloud.pki.errors import AuthorityError
from cloud.screens.adding import AddForm, invite


@require_http_methods(["GET", "POST"])
def add(request: DeskRequest) -> HttpResponse:
    """Ask whose it will be; then show the code, once."""
    first = {"resident": request.GET.get("resident")}
    form = AddForm(request.POST or None, user=request.user, search=request.GET, initial=first)
    context: dict[str, object] = {"section": "devices", "form": form}
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data
        try:
            invited = invite(wanted["resident"], wanted["organisation"], request.user, desk_authority())
        except AuthorityError as error:
            messages.error(request, str(error))
        else:
            context["invited"] = invited
    response = render(request, "screens/add.html", context)
    # The code is a secret.
    response["Cache-Control"] = "no-store"
    return response


@require_GET
def sheet(request: DeskRequest, pk: str) -> HttpResponse:
    """Print whose it is, what was agreed, and who handed it over."""
    rows = Device.objects.visible_to(request.user).select_related("resident", "organisation")
    device = get_object_or_404(rows, pk=pk)
    context = {"section": "devices", "device": device, "at": timezone.now()}
    return render(request, "screens/sheet.html", context)
