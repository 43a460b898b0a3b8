"""Groups of residents whose screens are changed together."""

from django.contrib import messages
from django.db import transaction
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cloud.base.forms import saved
from cloud.base.lists import containing, words_of
from cloud.organisations.request import DeskRequest
from cloud.people.models import Resident
from cloud.screens.many_forms import ScreenGroupForm
from cloud.screens.models import ScreenGroup
from cloud.screens.signals import group_changed

MOST_FOUND = 50


def groups(request: DeskRequest) -> HttpResponse:
    """All groups, and a new one."""
    form = ScreenGroupForm(request.POST or None, user=request.user)
    if request.method == "POST" and saved(form, form.save, _nothing_to_push):
        return redirect("screens:group", form.instance.pk)
    rows = ScreenGroup.objects.visible_to(request.user).select_related("organisation")
    context = {"section": "devices", "form": form, "rows": rows.annotate(number=Count("residents"))}
    return render(request, "screens/groups.html", context)


def group(request: DeskRequest, group: int) -> HttpResponse:
    """Show who is in the group, and who could be added."""
    found = _visible(request, group)
    form = ScreenGroupForm(request.POST or None, instance=found, user=request.user)
    if request.method == "POST" and saved(form, form.save, _nothing_to_push):
        messages.success(request, _("Saved."))
        return redirect("screens:group", group)
    words = words_of(request)
    ours = Resident.objects.visible_to(request.user).present().select_related("organisation")
    others = ours.exclude(screen_groups=found)
    others = others.filter(containing(words, "first_name", "last_name", "organisation__name"))
    context = {
        "section": "devices",
        "group": _visible(request, group),
        "form": form,
        "members": ours.filter(screen_groups=found),
        "others": others[:MOST_FOUND],
        "words": words,
    }
    return render(request, "screens/group.html", context)


@require_POST
def set_members(request: DeskRequest, group: int) -> HttpResponse:
    """Those who were checked join, or leave."""
    found = _visible(request, group)
    numbers = [
        pk for pk in request.POST.getlist("resident") if pk.isascii() and pk.isdecimal() and len(pk) < 18
    ]
    residents = Resident.objects.visible_to(request.user).present().filter(pk__in=numbers)
    with transaction.atomic():
        if request.POST.get("act") == "leave":
            found.residents.remove(*residents)
        else:
            found.residents.add(*residents)
        group_changed.send(None, residents={resident.pk for resident in residents})
    return redirect("screens:group", group)


@require_POST
def remove(request: DeskRequest, group: int) -> HttpResponse:
    """The group alone; its residents and their screens stay as they are."""
    found = _visible(request, group)
    with transaction.atomic():
        residents = set(found.residents.values_list("pk", flat=True))
        found.delete()
        group_changed.send(None, residents=residents)
    messages.success(request, _("Removed."))
    return redirect("screens:groups")


def _visible(request: DeskRequest, pk: int) -> ScreenGroup:
    return get_object_or_404(
        ScreenGroup.objects.visible_to(request.user).select_related("organisation"), pk=pk
    )


def _nothing_to_push() -> None:
    """A group is nothing that a screen shows."""
