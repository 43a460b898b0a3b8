"""Pages of a partner's alarm centre."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cloud.help.models import Partner
from cloud.organisations.request import DeskRequest
from cloud.partner import heartbeats
from cloud.partner.forms import CentreForm
from cloud.partner.models import AlarmCentre, AlarmMessage


def centre(request: DeskRequest, organisation: int) -> HttpResponse:
    """Edit the alarm centre's address; show whether it answers, and recent messages."""
    partner, own = _own(request, organisation)
    form = CentreForm(request.POST or None, instance=own)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("partner:centre", organisation)
    sent = AlarmMessage.objects.visible_to(request.user).filter(centre=own)[:20] if own.pk else []
    dead = heartbeats.dead_servers(own, timezone.now()) if own.pk else []
    context = {"section": "help", "partner": partner, "own": own, "form": form, "sent": sent, "dead": dead}
    return render(request, "partner/centre.html", context)


@require_POST
def remove(request: DeskRequest, organisation: int) -> HttpResponse:
    """Remove SCAIP from the partner."""
    _partner, own = _own(request, organisation)
    if own.pk:
        own.delete()
    return redirect("help:partner", organisation)


def _own(request: DeskRequest, organisation: int) -> tuple[Partner, AlarmCentre]:
    partner = get_object_or_404(Partner.objects.visible_to(request.user), organisation=organisation)
    own = AlarmCentre.objects.visible_to(request.user).filter(partner=partner).first()
    return partner, own or AlarmCentre(partner=partner)
