"""The page that anonymises a resident (V17)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cloud.desk.anonymising import anonymise
from cloud.organisations.request import DeskRequest
from cloud.people.models import Resident
from cloud.pki.authority import desk_authority


@require_POST
def anonymise_resident(request: DeskRequest, pk: int) -> HttpResponse:
    """Erase the name permanently; records of calls and help stay without it."""
    found = get_object_or_404(Resident.objects.visible_to(request.user), pk=pk, anonymised_at=None)
    if request.POST.get("sure") != "1":
        return redirect("people:resident", pk)
    anonymise(found, desk_authority(), request.user)
    messages.success(request, _("The resident was anonymised; their screen wipes itself."))
    return redirect("people:residents")
