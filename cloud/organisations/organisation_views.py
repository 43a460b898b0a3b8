"""Pages of the tree of organisations (V27)."""

from collections.abc import Iterable

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from cloud.base import page_parts
from cloud.base.forms import saved
from cloud.organisations.models import Organisation
from cloud.organisations.organisation_forms import OrganisationForm
from cloud.organisations.request import DeskRequest


@require_GET
def organisations(request: DeskRequest) -> HttpResponse:
    """List the organisations that the user manages, as a tree."""
    rows = in_order(Organisation.objects.visible_to(request.user).annotate(people=Count("users")))
    return render(request, "organisations/organisations.html", {"section": "organisations", "rows": rows})


def new_organisation(request: DeskRequest) -> HttpResponse:
    """Add an organisation below another."""
    form = OrganisationForm(request.POST or None, user=request.user)
    if request.method == "POST" and saved(form, form.save, lambda: None):
        messages.success(request, _("Saved."))
        return redirect("organisations:organisations")
    context = {"section": "organisations", "form": form}
    return render(request, "organisations/new_organisation.html", context)


def organisation(request: DeskRequest, pk: int) -> HttpResponse:
    """Edit an organisation's name and parent."""
    found = get_object_or_404(Organisation.objects.visible_to(request.user), pk=pk)
    form = OrganisationForm(request.POST or None, instance=found, user=request.user)
    if request.method == "POST" and saved(form, form.save, lambda: None):
        messages.success(request, _("Saved."))
        return redirect("organisations:organisations")
    stored = get_object_or_404(Organisation.objects.visible_to(request.user), pk=pk)
    context = {"section": "organisations", "organisation": stored, "form": form}
    parts = page_parts.of("organisations:organisation", stored)
    return render(request, "organisations/organisation.html", {**context, **parts})


def in_order(rows: Iterable[Organisation]) -> list[tuple[int, Organisation]]:
    """Return each with its level, below its parent, and in the order of names."""
    found = list(rows)
    names = {row.pk: row.name.casefold() for row in found}
    ordered = sorted(found, key=lambda row: [(names.get(pk, ""), pk) for pk in row.line])
    top = min((len(row.line) for row in ordered), default=0)
    return [(len(row.line) - top, row) for row in ordered]
