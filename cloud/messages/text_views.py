"""Pages of message texts and reminder types."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from cloud.base.forms import saved
from cloud.base.languages import LANGUAGES
from cloud.delivery import outbox
from cloud.delivery.outbox import Address, Letter
from cloud.delivery.text_parts import Length
from cloud.devices.documents import refresh_organisation
from cloud.messages.forms import MessageTextForm, ReminderTypeForm
from cloud.messages.merge import merge, worst_length
from cloud.messages.models import MessageText, ReminderType
from cloud.messages.planning import day_and_time
from cloud.organisations.models import Organisation, User
from cloud.organisations.request import DeskRequest
from cloud.organisations.scope import by_organisation
from cloud.people.models import Resident
from device.contract.identity import new_id

# Longer than any weekday and month of each language.
LONGEST_PERFORMER = ("Maximiliane von Hohenberg",)
_DATES, _TIMES = ("keskiviikkona 30. marraskuuta",), ("20.30",)


@require_GET
def texts(request: DeskRequest) -> HttpResponse:
    """List organisations with their texts and reminders."""
    organisations = Organisation.objects.visible_to(request.user).order_by("path")
    texts = by_organisation(MessageText.objects.visible_to(request.user))
    reminders = by_organisation(ReminderType.objects.visible_to(request.user).select_related("text"))
    rows = [(each, texts[each.pk], reminders[each.pk]) for each in organisations]
    return render(request, "messages/texts.html", {"section": "messages", "rows": rows})


def new_text(request: DeskRequest, organisation: int) -> HttpResponse:
    """Add a text to an organisation's own texts (M2)."""
    owner = get_object_or_404(Organisation.objects.visible_to(request.user), pk=organisation)
    return _edit_text(request, MessageText(organisation=owner))


def text(request: DeskRequest, text: int) -> HttpResponse:
    """Edit a text in four languages."""
    return _edit_text(request, get_object_or_404(MessageText.objects.visible_to(request.user), pk=text))


@require_POST
def send_sample(request: DeskRequest, text: int) -> HttpResponse:
    """Send the text to the user, filled in with an example (M5)."""
    found, user = get_object_or_404(MessageText.objects.visible_to(request.user), pk=text), request.user
    now = timezone.now()
    values = {
        "first_name": user.first_name or user.username,
        "organisation": str(found.organisation),
        "performer": LONGEST_PERFORMER[0],
        **day_and_time(timezone.localtime(now), user.language),
    }
    body = merge(found.body(user.language), values)
    to = [Address("email", user.email)] if user.email else []
    if not to:
        messages.warning(request, _("Your account has no e-mail address."))
    else:
        outbox.put(
            found.organisation, Letter(f"sample-{new_id(now)}", "sample", str(user), found.code, body, to)
        )
        messages.success(request, _("On its way to %(address)s.") % {"address": user.email})
    return redirect("messages:text", text)


def new_reminder(request: DeskRequest, organisation: int) -> HttpResponse:
    """Add a reminder type, an hour before unless changed (M6)."""
    owner = get_object_or_404(Organisation.objects.visible_to(request.user), pk=organisation)
    return _edit_reminder(request, ReminderType(organisation=owner, leads_min=[60]))


def reminder(request: DeskRequest, reminder: int) -> HttpResponse:
    """Edit when and how appointments of one type have reminders (M6)."""
    found = get_object_or_404(ReminderType.objects.visible_to(request.user), pk=reminder)
    return _edit_reminder(request, found)


def _edit_text(request: DeskRequest, edited: MessageText) -> HttpResponse:
    form = MessageTextForm(request.POST or None, instance=edited)
    owner = edited.organisation
    if request.method == "POST" and saved(form, form.save, lambda: refresh_organisation(owner)):
        messages.success(request, _("Saved."))
        return redirect("messages:texts")
    context = {"section": "messages", "text": edited, "form": form, "lengths": _lengths(edited, request.user)}
    return render(request, "messages/text.html", context)


def _edit_reminder(request: DeskRequest, edited: ReminderType) -> HttpResponse:
    form = ReminderTypeForm(request.POST or None, instance=edited)
    owner = edited.organisation
    if request.method == "POST" and saved(form, form.save, lambda: refresh_organisation(owner)):
        messages.success(request, _("Saved."))
        return redirect("messages:texts")
    return render(
        request, "messages/reminder.html", {"section": "messages", "reminder": edited, "form": form}
    )


def _lengths(text: MessageText, user: User) -> list[tuple[str, Length]]:
    """Return the maximum length in each language, for the existing residents (M5)."""
    bodies = [(name, getattr(text, f"body_{code}")) for code, name in LANGUAGES]
    residents = (
        Resident.objects.visible_to(user)
        .present()
        .filter(organisation__path__startswith=text.organisation.path)
    )
    # Ordered rows differ in what they are ordered by: each name would come as often as somebody has it.
    names = residents.order_by().values_list("first_name", flat=True).distinct()
    values = {
        "first_name": list(names) if any(body for _name, body in bodies) else [],
        "organisation": [str(text.organisation)],
        "performer": LONGEST_PERFORMER,
        "date": _DATES,
        "time": _TIMES,
    }
    return [(name, worst_length(body, values)) for name, body in bodies if body]
