"""The desk's album page: remove a picture, pause a sender."""

from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from cloud.album.models import FamilyPicture, PausedSender
from cloud.devices.documents import refresh_resident
from cloud.organisations.request import DeskRequest
from cloud.people.models import Relation
from cloud.people.views import visible_resident


@require_GET
def pictures(request: DeskRequest, pk: int) -> HttpResponse:
    """Show the album, and who may send to it."""
    resident = visible_resident(request.user, pk)
    paused = PausedSender.objects.visible_to(request.user).filter(resident=resident)
    known = Relation.objects.visible_to(request.user).filter(resident=resident, visible_to_resident=True)
    context = {
        "section": "people",
        "tab": "pictures",
        "resident": resident,
        "pictures": FamilyPicture.objects.visible_to(request.user)
        .filter(resident=resident)
        .defer("data")
        .select_related("message"),
        "senders": [each.contact for each in known.select_related("contact")],
        "paused": set(paused.values_list("contact", flat=True)),
    }
    return render(request, "album/pictures.html", context)


@require_GET
def picture(request: DeskRequest, pk: int, picture: int) -> HttpResponse:
    """Serve one picture of a resident whom the user may see; 404 once it has been deleted."""
    rows = FamilyPicture.objects.visible_to(request.user).filter(resident=visible_resident(request.user, pk))
    found = get_object_or_404(rows, pk=picture)
    if not found.sha256:
        raise Http404
    return HttpResponse(bytes(found.data), content_type="image/jpeg")


@require_POST
@transaction.atomic
def remove(request: DeskRequest, pk: int, picture: int) -> HttpResponse:
    """Remove a picture from album and screen."""
    resident = visible_resident(request.user, pk)
    rows = FamilyPicture.objects.visible_to(request.user).filter(resident=resident)
    found = get_object_or_404(rows, pk=picture)
    if found.message:
        found.message.delete()
    found.delete()
    refresh_resident(resident, "messages")
    return redirect("album:pictures", pk)


@require_POST
def pause(request: DeskRequest, pk: int, contact: int) -> HttpResponse:
    """Pause a sender, or resume."""
    resident = visible_resident(request.user, pk)
    relations = Relation.objects.visible_to(request.user).filter(resident=resident)
    known = get_object_or_404(relations, contact=contact).contact
    if "again" in request.POST:
        PausedSender.objects.visible_to(request.user).filter(resident=resident, contact=known).delete()
    else:
        _pause(request, resident.pk, known.pk)
    return redirect("album:pictures", pk)


def _pause(request: DeskRequest, resident: int, contact: int) -> None:
    rows = PausedSender.objects.visible_to(request.user)
    rows.get_or_create(resident_id=resident, contact_id=contact, defaults={"by": request.user})
