"""The pages on which many views are changed at once (V1)."""

from django.contrib import messages
from django.core import signing
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from cloud.base.fragments import fragment
from cloud.organisations.models import Organisation
from cloud.organisations.request import DeskRequest
from cloud.screens import many, many_changes
from cloud.screens.many_forms import READY, ManyForm, ViewTemplateForm, as_initial
from cloud.screens.many_progress import progress
from cloud.screens.models import ViewChange, ViewTemplate
from cloud.screens.view_values import label_of, text_of

MOST_NAMED = 100
MOST_CHANGES = 20


def change_many(request: DeskRequest) -> HttpResponse:
    """Whose screens and which settings, then what would differ; nothing is changed here."""
    if request.method == "POST":
        form = ManyForm(request.POST, user=request.user)
        if form.is_valid():
            shown = many.preview(request.user, form.target_rows(), form.values())
            return _show_preview(request, form, shown)
    else:
        target = {"target": request.GET.get("target", "")}
        form = ManyForm(user=request.user, initial={**target, **_template(request)})
    context = {
        "section": "devices",
        "form": form,
        "ready": [(key, label) for key, (label, _values) in READY.items()],
        "templates": ViewTemplate.objects.visible_to(request.user).select_related("organisation"),
        "changes": ViewChange.objects.visible_to(request.user).select_related("by")[:MOST_CHANGES],
    }
    return render(request, "screens/many.html", context)


def _template(request: DeskRequest) -> dict[str, object]:
    key = request.GET.get("template", "")
    if key in READY:
        return as_initial(READY[key][1])
    if not (key.isascii() and key.isdecimal() and len(key) < 18):
        return {}
    found = ViewTemplate.objects.visible_to(request.user).filter(pk=key).first()
    return as_initial(found.values) if found else {}


def _show_preview(request: DeskRequest, form: ManyForm, shown: many.Preview) -> HttpResponse:
    context = {
        "section": "devices",
        "form": form,
        "target": form.target_rows(),
        "shown": shown,
        "named": shown.rows[:MOST_NAMED],
        "more": max(0, len(shown.rows) - MOST_NAMED),
        "most": many.MOST_AT_ONCE,
        "template_form": ViewTemplateForm(),
    }
    return render(request, "screens/many_preview.html", context)


@require_POST
def carry_out(request: DeskRequest) -> HttpResponse:
    """Just what the preview has shown, without those who were left out there."""
    try:
        order = many.order_of(request.POST.get("token", ""))
    except signing.BadSignature:
        messages.error(request, _("That is too long ago: look at the preview once more."))
        return redirect("screens:change-many")
    get_object_or_404(Organisation.objects.visible_to(request.user), pk=order.organisation)
    if len(order.seen) > many.MOST_AT_ONCE:
        messages.error(request, _("These are too many at once: choose a part of them."))
        return redirect("screens:change-many")
    named = {int(pk) for pk in request.POST.getlist("named") if pk.isdecimal()}
    chosen = {int(pk) for pk in request.POST.getlist("view") if pk.isdecimal()}
    change = many_changes.carry_out(request.user, order, without=named - chosen)
    return redirect("screens:view-change", change.pk)


@require_POST
def keep_template(request: DeskRequest) -> HttpResponse:
    """The settings of a preview, under a name, for the next time."""
    try:
        order = many.order_of(request.POST.get("token", ""))
    except signing.BadSignature:
        messages.error(request, _("That is too long ago: look at the preview once more."))
        return redirect("screens:change-many")
    organisation = get_object_or_404(Organisation.objects.visible_to(request.user), pk=order.organisation)
    template = ViewTemplate(organisation=organisation, values=order.values)
    form = ViewTemplateForm(request.POST, instance=template)
    try:
        with transaction.atomic():
            is_kept = form.is_valid() and bool(form.save())
    except IntegrityError:
        messages.error(request, _("There is a template of this name already."))
        return redirect("screens:change-many")
    if is_kept:
        messages.success(request, _("Saved."))
    else:
        messages.error(request, _("A template needs a name of at most 100 letters."))
    return redirect("screens:change-many")


@require_POST
def remove_template(request: DeskRequest, view_template: int) -> HttpResponse:
    """It is not offered any more; screens stay as they are."""
    get_object_or_404(ViewTemplate.objects.visible_to(request.user), pk=view_template).delete()
    messages.success(request, _("Removed."))
    return redirect("screens:change-many")


@require_GET
def change(request: DeskRequest, change: int) -> HttpResponse:
    """One change of many views, and how far it has come."""
    return render(request, "screens/view_change.html", {"section": "devices", **_state(request, change)})


@require_GET
def change_state(request: DeskRequest, change: int) -> HttpResponse:
    """How far it has come."""
    return fragment(request, "screens/view_change_state.html", _state(request, change))


@require_POST
def undo(request: DeskRequest, change: int) -> HttpResponse:
    """Undo the change on all screens, except those that were changed since."""
    if many_changes.undo(request.user, _visible(request, change)):
        messages.success(request, _("Undone."))
    else:
        messages.error(request, _("This has been undone already."))
    return redirect("screens:view-change", change)


def _state(request: DeskRequest, pk: int) -> dict[str, object]:
    found = _visible(request, pk)
    settings = [(label_of(name), text_of(name, value)) for name, value in found.values.items()]
    return {"change": found, "settings": settings, "progress": progress(request.user, found)}


def _visible(request: DeskRequest, pk: int) -> ViewChange:
    rows = ViewChange.objects.visible_to(request.user).select_related("by", "undone_by", "organisation")
    return get_object_or_404(rows, pk=pk)
