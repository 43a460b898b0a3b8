"""Pages of undelivered messages, channel settings, and costs."""

import csv

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from cloud.base.csv_cell import cell
from cloud.delivery.channel import channel_of, channels
from cloud.delivery.costs import by_month
from cloud.delivery.forms import ChannelSettingsForm
from cloud.delivery.models import ChannelSettings, Delivery
from cloud.organisations.models import Organisation, User
from cloud.organisations.request import DeskRequest

MOST_SHOWN = 100


@require_GET
def failed(request: DeskRequest) -> HttpResponse:
    """List messages that no channel has delivered and nobody has handled."""
    rows = open_failures(request.user).select_related("resident").prefetch_related("attempts")
    return render(request, "delivery/failed.html", {"section": "messages", "rows": rows[:MOST_SHOWN]})


@require_POST
def settle(request: DeskRequest, delivery: str) -> HttpResponse:
    """Mark a failure as handled."""
    found = get_object_or_404(Delivery.objects.visible_to(request.user), pk=delivery)
    open_failures(request.user).filter(pk=found.pk).update(settled_at=timezone.now(), settled_by=request.user)
    return redirect("delivery:failed")


def open_failures(user: User) -> QuerySet[Delivery]:
    """Return unhandled failures, including messages without a recipient and expired ones."""
    over = (Delivery.State.FAILED, Delivery.State.EXPIRED)
    return Delivery.objects.visible_to(user).filter(state__in=over, settled_at=None)


@require_GET
def channel_list(request: DeskRequest) -> HttpResponse:
    """List organisations with their channels."""
    held = {
        (row.organisation_id, row.channel): row for row in ChannelSettings.objects.visible_to(request.user)
    }
    offered = [each for each in channels() if each.form]
    rows = [
        (organisation, [(each, held.get((organisation.pk, each.name))) for each in offered])
        for organisation in Organisation.objects.visible_to(request.user).order_by("path")
    ]
    return render(request, "delivery/channels.html", {"section": "channels", "rows": rows})


def channel(request: DeskRequest, channel: str, organisation: int) -> HttpResponse:
    """Edit one channel of one organisation; secrets are shown only to users who may set them."""
    found = channel_of(channel)
    owner = get_object_or_404(Organisation.objects.visible_to(request.user), pk=organisation)
    if found is None or found.form is None:
        raise Http404
    row = ChannelSettings.objects.visible_to(request.user).filter(organisation=owner, channel=channel).first()
    row = row or ChannelSettings(organisation=owner, channel=channel)
    form = ChannelSettingsForm(request.POST or None, instance=row)
    own = found.form(request.POST or None, initial=row.values)
    if request.method == "POST" and form.is_valid() and own.is_valid():
        row.values = own.cleaned_data
        form.save()
        messages.success(request, _("Saved."))
        return redirect("delivery:channels")
    reports = request.build_absolute_uri(reverse("delivery:report", args=[channel, owner.pk]))
    context = {"section": "channels", "channel": found, "owner": owner, "form": form, "own": own}
    return render(request, "delivery/channel.html", {**context, "reports": reports})


@require_GET
def costs(request: DeskRequest) -> HttpResponse:
    """Show segments and costs of every organisation and month (M13)."""
    rows = [(each, channel_of(str(each["channel"]))) for each in by_month(request.user)]
    return render(request, "delivery/costs.html", {"section": "channels", "rows": rows})


@require_GET
def costs_csv(request: DeskRequest) -> HttpResponse:
    """Export the costs as CSV."""
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="costs.csv"'
    answer.write("\ufeff")
    writer = csv.writer(answer, delimiter=";")
    writer.writerow(["month", "organisation", "channel", "messages", "parts", "euros"])
    for row in by_month(request.user):
        month = f"{row['month']:%Y-%m}"
        name = cell(row["organisation"])
        writer.writerow([month, name, row["channel"], row["messages"], row["parts"], f"{row['euros']:.2f}"])
    return answer
