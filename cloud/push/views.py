"""An organisation's settings for the phones of relatives and of staff on duty."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from cloud.base.forms import RowForm, saved
from cloud.organisations.models import Organisation
from cloud.organisations.request import DeskRequest
from cloud.push.models import PushSettings


class PushSettingsForm(RowForm[PushSettings]):
    """Names on locked phones, and the fallback message."""

    class Meta:
        model = PushSettings
        fields = ("names_shown", "writes")


def edit(request: DeskRequest, organisation: int) -> HttpResponse:
    """Edit the settings; without own ones, those of the nearest ancestor apply."""
    owner = get_object_or_404(Organisation.objects.visible_to(request.user), pk=organisation)
    own = PushSettings.objects.visible_to(request.user).filter(organisation=owner).first()
    inherited = PushSettings.of(owner)
    own = own or PushSettings(organisation=owner, names_shown=inherited.names_shown, writes=inherited.writes)
    form = PushSettingsForm(request.POST or None, instance=own)
    if request.method == "POST" and saved(form, form.save, lambda: None):
        messages.success(request, _("Saved."))
        return redirect("calls:officers")
    return render(
        request,
        "push/settings.html",
        {"section": "calls", "tab": "duty", "organisation": owner, "form": form, "inherited": inherited},
    )
