"""The page for somebody who has forgotten their password."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from cloud.organisations import forgotten
from cloud.organisations.forms import ForgottenForm


@login_not_required
def forgotten_password(request: HttpRequest) -> HttpResponse:
    """Take an address; the answer is the same whether there is such an account or not."""
    form = ForgottenForm(request.POST or None)
    is_asked = request.method == "POST" and form.is_valid()
    if is_asked:
        forgotten.ask(form.cleaned_data["email"], request.META.get("REMOTE_ADDR"))
    return render(request, "organisations/forgotten.html", {"form": form, "is_asked": is_asked})
