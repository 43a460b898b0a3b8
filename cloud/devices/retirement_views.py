"""The form that retires a device for good (K17)."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from cloud.base.forms import PlainForm
from cloud.devices.models import Device, Retirement
from cloud.devices.retirement import retire
from cloud.organisations.request import DeskRequest
from cloud.pki.authority import desk_authority
from cloud.pki.errors import AuthorityError


class RetireForm(PlainForm, forms.Form):
    """The reason, and a confirmation."""

    why = forms.ChoiceField(label=gettext_lazy("Why"), choices=Retirement.Why)
    is_meant = forms.BooleanField(label=gettext_lazy("Delete everything on this device"))


@require_POST
def start(request: DeskRequest, device: str) -> HttpResponse:
    """Retire the device: refused from now on, and wiped when it connects."""
    found = get_object_or_404(Device.objects.visible_to(request.user).exclude(certificate_pem=""), pk=device)
    form = RetireForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why, and confirm that everything on the device is to be deleted."))
        return redirect("screens:device", found.pk)
    try:
        retire(found, desk_authority(), form.cleaned_data["why"], request.user)
    except AuthorityError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The device is retired. It is refused from now on."))
    return redirect("screens:device", found.pk)
