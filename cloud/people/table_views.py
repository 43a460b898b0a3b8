"""Many residents as a table of a spreadsheet program: fetched, given back, looked through, and done."""

from django.contrib import messages
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from cloud.base import tables
from cloud.base.table_words import REASONS, download
from cloud.organisations.request import DeskRequest
from cloud.people import resident_table
from cloud.people.forms import TableForm


def table(request: DeskRequest) -> HttpResponse:
    """Offer the table, and preview what one that is given back does."""
    form = TableForm(request.POST or None, request.FILES or None)
    context: dict[str, object] = {"section": "people", "form": form}
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data["file"].read()
        try:
            rows = list(tables.read(data, resident_table.NEEDED, resident_table.MOST_ROWS))
        except tables.Unreadable as error:
            form.add_error("file", str(_reason(error.reason)))
        else:
            context |= {"plan": resident_table.plan(request.user, rows), "token": resident_table.keep(rows)}
    return render(request, "people/table.html", context)


@require_POST
def apply(request: DeskRequest) -> HttpResponse:
    """Do what the preview has shown; if anything has changed since, show it again."""
    try:
        rows = resident_table.kept(request.POST.get("token", ""))
    except signing.BadSignature:
        messages.error(request, _("That is too long ago: look at the preview once more."))
        return redirect("people:table")
    made = resident_table.plan(request.user, rows)
    if made.errors or made.digest != request.POST.get("digest"):
        messages.warning(request, _("Somebody has changed residents meanwhile: please look again."))
        context = {"section": "people", "form": TableForm(), "plan": made, "token": resident_table.keep(rows)}
        return render(request, "people/table.html", context)
    try:
        resident_table.apply(made)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("people:table")
    messages.success(request, _("Saved."))
    return redirect("people:residents")


@require_GET
def table_csv(request: DeskRequest) -> HttpResponse:
    """Export the residents as CSV."""
    rows = resident_table.export(request.user)
    return download("residents", tables.as_csv(resident_table.COLUMNS, rows))


@require_GET
def table_xlsx(request: DeskRequest) -> HttpResponse:
    """Export the residents as XLSX."""
    rows = resident_table.export(request.user)
    return download("residents", tables.as_xlsx("residents", resident_table.COLUMNS, rows))


def _reason(reason: str) -> object:
    return _("At most 2,000 residents at once, and 10 MB.") if reason == tables.TOO_LARGE else REASONS[reason]
