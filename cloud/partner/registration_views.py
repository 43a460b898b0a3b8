"""Pages of residents registered at the partner, and of their readiness (S4, K10)."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cloud.base.lists import page_of
from cloud.organisations.models import Organisation
from cloud.organisations.request import DeskRequest
from cloud.partner import go_live, registrations, safe_words
from cloud.partner.forms import PartnerListForm, RegistrationForm, SafeWordsForm
from cloud.partner.models import Registration
from cloud.people.models import Resident

ROWS = 50
# Of each side; a list of another customer differs in everything.
MOST_NAMED = 100


def show(request: DeskRequest, organisation: int) -> HttpResponse:
    """Show monitored residents, and the differences after a comparison."""
    owner = get_object_or_404(Organisation.objects.visible_to(request.user), pk=organisation)
    form = PartnerListForm(request.POST or None)
    drift = None
    if request.method == "POST" and form.is_valid():
        drift = registrations.reconcile(owner, form.cleaned_data["numbers"])
        messages.success(request, _("Compared; whom both sides know is confirmed."))
    page, asked = page_of(request, registrations.monitored_in(owner), ROWS)
    context = {"section": "help", "organisation": owner, "form": form, "page": page, "asked": asked}
    if drift:
        context |= {
            "unknown_there": drift.unknown_there[:MOST_NAMED],
            "unknown_here": drift.unknown_here[:MOST_NAMED],
            "more": max(0, len(drift.unknown_there) - MOST_NAMED)
            + max(0, len(drift.unknown_here) - MOST_NAMED),
        }
    return render(request, "partner/registrations.html", context)


def resident(request: DeskRequest, pk: int) -> HttpResponse:
    """Show the resident's checklist, and edit their number at the partner."""
    rows = Resident.objects.visible_to(request.user).select_related(
        "organisation", "registration", "readiness", "safe_words", "device__home_assistant"
    )
    found = get_object_or_404(rows, pk=pk)
    form = RegistrationForm(request.POST or None, instance=Registration.of(found))
    if request.method == "POST" and form.is_valid():
        # Another number is another resident for the partner, until it confirms this one.
        if form.has_changed():
            form.instance.confirmed_at = None
        form.save()
        messages.success(request, _("Saved."))
        return redirect("partner:resident", pk)
    facts = go_live.facts_of([found])[found.pk]
    in_home_assistant = getattr(getattr(found, "device", None), "home_assistant", None)
    context = {
        "section": "people",
        "tab": "alarms",
        "resident": found,
        "form": form,
        "checks": [(go_live.WORDS[each], each not in facts.missing) for each in facts.applicable],
        "tested_at": facts.tested_at,
        "own": getattr(found, "readiness", None),
        "in_home_assistant": bool(in_home_assistant and in_home_assistant.is_shown),
        "has_home_assistant": bool(settings.HOME_ASSISTANT),
        "words_form": SafeWordsForm(),
        "has_words": safe_words.has_words(found),
        "is_live": not facts.missing,
    }
    return render(request, "partner/resident.html", context)


@require_POST
def keep_safe_words(request: DeskRequest, pk: int) -> HttpResponse:
    """Save new safe words; stored ones are never shown here."""
    found = get_object_or_404(Resident.objects.visible_to(request.user), pk=pk)
    form = SafeWordsForm(request.POST)
    if form.is_valid():
        safe_words.keep(found, safe_words.WordPair(form.cleaned_data["well"], form.cleaned_data["duress"]))
        messages.success(request, _("Saved."))
    else:
        for errors in form.errors.values():
            messages.error(request, str(errors[0]))
    return redirect("partner:resident", pk)
