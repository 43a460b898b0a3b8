"""Pages of queues and their settings."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from cloud.base.forms import saved
from cloud.devices.documents import refresh_organisation
from cloud.organisations.models import Organisation
from cloud.organisations.request import DeskRequest
from cloud.organisations.scope import by_organisation
from cloud.queue.forms import QueueForm
from cloud.queue.models import Queue
from cloud.queue.offered import count_left_out


@require_GET
def queues(request: DeskRequest) -> HttpResponse:
    """List organisations and their queues."""
    organisations = list(Organisation.objects.visible_to(request.user).order_by("path"))
    own = by_organisation(Queue.objects.visible_to(request.user))
    left_out = count_left_out(organisations)
    rows = [(each, own[each.pk], left_out[each.pk]) for each in organisations]
    return render(request, "queue/queues.html", {"section": "queue", "rows": rows})


def new_queue(request: DeskRequest, organisation: int) -> HttpResponse:
    """Add a queue to an organisation, in the language of the user who adds it."""
    owner = get_object_or_404(Organisation.objects.visible_to(request.user), pk=organisation)
    return _edit(request, Queue(organisation=owner, languages=[request.user.language]))


def queue(request: DeskRequest, queue: int) -> HttpResponse:
    """Edit name, hours, limits and predefined texts of one queue."""
    return _edit(request, get_object_or_404(Queue.objects.visible_to(request.user), pk=queue))


def _edit(request: DeskRequest, edited: Queue) -> HttpResponse:
    form = QueueForm(request.POST or None, instance=edited)
    owner = edited.organisation
    if request.method == "POST" and saved(form, form.save_all, lambda: refresh_organisation(owner)):
        messages.success(request, _("Saved."))
        return redirect("queue:queues")
    return render(request, "queue/queue.html", {"section": "queue", "queue": edited, "form": form})
