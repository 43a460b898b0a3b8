"""The alarms of a day compared with the partner: differences, and marking them as handled (S4)."""

from datetime import date, timedelta

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cloud.help.models import HelpRequest, Partner
from cloud.organisations.models import User
from cloud.organisations.request import DeskRequest
from cloud.partner import comparison
from cloud.partner.forms import ComparisonForm, ComparisonPlanForm
from cloud.partner.models import Comparison, ComparisonPlan, Registration

SHOWN = 28


def show(request: DeskRequest, organisation: int) -> HttpResponse:
    """The last comparisons, and one by hand: for partners who have no webhook, or who ask again."""
    partner = _partner(request.user, organisation)
    form = ComparisonForm(request.POST or None, initial={"day": localdate() - timedelta(days=1)})
    if request.method == "POST" and form.is_valid():
        comparison.keep(partner, form.cleaned_data["day"], form.cleaned_data["numbers"])
        messages.success(request, _("Compared."))
        return redirect("partner:comparisons", organisation)
    rows = Comparison.objects.visible_to(request.user).filter(partner=partner)[:SHOWN]
    plan = ComparisonPlan.objects.visible_to(request.user).filter(partner=partner).first()
    context = {
        "section": "alarms",
        "partner": partner,
        "rows": [_shown(request.user, row) for row in rows],
        "form": form,
        "plan_form": ComparisonPlanForm(instance=plan or ComparisonPlan(partner=partner)),
    }
    return render(request, "partner/comparisons.html", context)


@require_POST
def plan(request: DeskRequest, organisation: int) -> HttpResponse:
    """Whether the partner's webhook is asked each day."""
    partner = _partner(request.user, organisation)
    own = ComparisonPlan.objects.visible_to(request.user).filter(partner=partner).first()
    form = ComparisonPlanForm(request.POST, instance=own or ComparisonPlan(partner=partner))
    if form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
    return redirect("help:partner", organisation)


@require_POST
def settle(request: DeskRequest, organisation: int, day: str) -> HttpResponse:
    """Mark the differences as handled."""
    try:
        rows = Comparison.objects.visible_to(request.user).filter(day=date.fromisoformat(day))
    except ValueError:
        raise Http404 from None
    found = get_object_or_404(rows, partner=_partner(request.user, organisation))
    rows.filter(pk=found.pk, settled_at=None).update(settled_by=request.user, settled_at=timezone.now())
    return redirect("partner:comparisons", organisation)


def _partner(user: User, organisation: int) -> Partner:
    return get_object_or_404(Partner.objects.visible_to(user), organisation=organisation)


def _shown(user: User, row: Comparison) -> dict[str, object]:
    requests = HelpRequest.objects.visible_to(user).filter(pk__in=row.unknown_there)
    numbers = Registration.objects.visible_to(user).filter(number__in=row.residents)
    known = {each.number: each.resident for each in numbers.select_related("resident")}
    return {
        "row": row,
        "unknown_there": requests.select_related("resident"),
        "residents": [(number, known.get(number)) for number in row.residents],
        "is_open": row.settled_at is None
        and row.state in (Comparison.State.DIFFERS, Comparison.State.FAILED),
    }
