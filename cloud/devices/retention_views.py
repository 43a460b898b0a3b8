"""The page on which an organisation decides how long calls and calls for help are kept (V17)."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from cloud.base.forms import RowForm, saved
from cloud.devices.models import RetentionPeriods
from cloud.organisations.models import Organisation
from cloud.organisations.request import DeskRequest


class RetentionForm(RowForm[RetentionPeriods]):
    """The days after which records are deleted; an empty field is taken from further up."""

    class Meta:
        model = RetentionPeriods
        fields = ["help_days", "call_days"]
        widgets = {name: forms.NumberInput({"inputmode": "numeric"}) for name in fields}


def edit(request: DeskRequest, organisation: int) -> HttpResponse:
    """Edit the retention periods of one organisation."""
    owner = get_object_or_404(Organisation.objects.visible_to(request.user), pk=organisation)
    own = RetentionPeriods.objects.visible_to(request.user).filter(organisation=owner).first()
    form = RetentionForm(request.POST or None, instance=own or RetentionPeriods(organisation=owner))
    if request.method == "POST" and saved(form, form.save, lambda: None):
        messages.success(request, _("Saved."))
        return redirect("retention", owner.pk)
    context = {"section": "settings", "organisation": owner, "form": form}
    return render(request, "devices/retention.html", context)
