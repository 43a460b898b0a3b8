"""Public pages for people who have no link, or have lost it."""

from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language

from cloud.family import applying, recovery
from cloud.family.forms import ApplicationForm, CodeForm, LostForm
from cloud.family.models import Application

SALT = "kotiruutu.application"


@login_not_required
def apply(request: HttpRequest, token: str) -> HttpResponse:
    """Show the application form of a registration link."""
    link = applying.find(token)
    if link is None:
        return render(request, "family/gone.html", status=404)
    sent_from = applying.place_of(request.META.get("REMOTE_ADDR"))
    language = get_language() or "en"
    blank = Application(organisation=link.organisation, link=link, language=language, sent_from=sent_from)
    form = ApplicationForm(request.POST or None, instance=blank)
    context = {"organisation": link.organisation, "form": form}
    if request.method != "POST" or not form.is_valid():
        return render(request, "family/apply.html", context)
    if applying.is_full(link.organisation, sent_from):
        return render(request, "family/apply.html", context | {"is_full": True}, status=429)
    stored = applying.take(form.instance)
    if stored.state == Application.State.UNCONFIRMED:
        return redirect("join:code", signing.dumps(stored.pk, salt=SALT))
    return redirect("join:thanks")


@login_not_required
def code(request: HttpRequest, signed: str) -> HttpResponse:
    """Check the confirmation code, once."""
    try:
        pk = signing.loads(signed, salt=SALT, max_age=applying.CODE_LIFETIME)
    except signing.BadSignature:
        return render(request, "family/gone.html", status=404)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if applying.confirm(pk, form.cleaned_data["code"]):
            return redirect("join:thanks")
        form.add_error("code", applying.WRONG_CODE)
    return render(request, "family/code.html", {"form": form})


@login_not_required
def thanks(request: HttpRequest) -> HttpResponse:
    """Confirm that the application was received."""
    return render(request, "family/thanks.html")


@login_not_required
def lost(request: HttpRequest) -> HttpResponse:
    """Request a lost link by e-mail address; the response is the same for unknown addresses."""
    form = LostForm(request.POST or None)
    is_asked = request.method == "POST" and form.is_valid()
    if is_asked:
        sent_from = applying.place_of(request.META.get("REMOTE_ADDR"))
        recovery.ask(form.cleaned_data["email"], get_language() or "en", sent_from)
    return render(request, "family/lost.html", {"form": form, "is_asked": is_asked})
