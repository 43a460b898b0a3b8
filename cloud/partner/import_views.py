"""Export and import of many residents' escalation contacts as a spreadsheet (S2, S3, S8)."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from cloud.base.table_words import REASONS, download
from cloud.base.tables import Unreadable
from cloud.organisations.request import DeskRequest
from cloud.partner import contact_import, sheet, sheet_work
from cloud.partner.forms import SheetForm
from cloud.partner.models import ContactSheet

KEPT = timedelta(hours=1)


def contacts(request: DeskRequest) -> HttpResponse:
    """Offer the download, and preview the effect of an upload."""
    form = SheetForm(request.POST or None, request.FILES or None)
    context: dict[str, object] = {"section": "people", "form": form}
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data["file"].read()
        try:
            made = contact_import.plan(request.user, sheet.read(data))
        except Unreadable as error:
            form.add_error("file", str(REASONS[error.reason]))
        else:
            context |= {"plan": made, "kept": _keep(request, data) if not made.errors else None}
    return render(request, "partner/contacts.html", context)


@require_POST
def apply(request: DeskRequest, pk: int) -> HttpResponse:
    """Apply the previewed plan; if anything has changed since, preview again."""
    rows = ContactSheet.objects.visible_to(request.user).filter(user=request.user, worked_at=None)
    kept = get_object_or_404(rows, pk=pk)
    made = contact_import.plan(request.user, sheet.read(bytes(kept.data)))
    if made.errors or made.digest != request.POST.get("digest"):
        messages.warning(request, _("Somebody has changed contacts meanwhile: please look again."))
        context = {"section": "people", "form": SheetForm(), "plan": made, "kept": kept}
        return render(request, "partner/contacts.html", context)
    if len(made.changes) <= contact_import.MOST_WITHIN:
        contact_import.apply(made)
        kept.delete()
    elif not sheet_work.carry_out(kept, made):
        words = _("The desk has much to do just now. The rest of the table is saved within a few minutes.")
        messages.warning(request, words)
        return redirect("partner:contacts")
    messages.success(request, _("Saved."))
    return redirect("partner:contacts")


@require_GET
def contacts_csv(request: DeskRequest) -> HttpResponse:
    """Export the table as CSV."""
    return download("contacts", sheet.as_csv(contact_import.export(request.user)))


@require_GET
def contacts_xlsx(request: DeskRequest) -> HttpResponse:
    """Export the table as XLSX."""
    return download("contacts", sheet.as_xlsx(contact_import.export(request.user)))


def _keep(request: DeskRequest, data: bytes) -> ContactSheet:
    rows = ContactSheet.objects.visible_to(request.user).filter(worked_at=None)
    rows.filter(created_at__lt=timezone.now() - KEPT).delete()
    rows.filter(user=request.user).delete()
    kept = ContactSheet(user=request.user, data=data)
    kept.save()
    return kept
