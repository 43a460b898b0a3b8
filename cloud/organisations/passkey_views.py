"""Passkeys on the user's own account, as the second step of signing in, and instead of a password."""

from django import forms
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cloud.organisations import one_time_codes, passkeys, throttle
from cloud.organisations.access import CODE_STATE, CODE_WANTED
from cloud.organisations.models import Passkey
from cloud.organisations.request import DeskRequest


class PasskeyForm(forms.Form):
    """The name of a key, and what the browser says of it."""

    name = forms.CharField(max_length=60)
    answer = forms.CharField(max_length=passkeys.MOST_ANSWER_BYTES)

    def keep(self, request: DeskRequest) -> Passkey:
        """Keep the key. Raises ``Refused``."""
        if not self.is_valid():
            raise passkeys.Refused
        name, answer = self.cleaned_data["name"], self.cleaned_data["answer"]
        return passkeys.register(request, request.user, name, answer.encode())


@require_POST
def new_options(request: DeskRequest) -> HttpResponse:
    """Tell the browser to make a key."""
    return JsonResponse(passkeys.begin_registration(request, request.user))


@require_POST
def add(request: DeskRequest) -> HttpResponse:
    """Keep the key that the browser has made; it counts as the second step of this session."""
    try:
        key = PasskeyForm(request.POST).keep(request)
    except passkeys.Refused:
        messages.error(request, _("The passkey could not be added. Please try again."))
        is_missing = CODE_STATE in request.session
        return redirect("organisations:set-up-codes" if is_missing else "organisations:profile")
    request.session.pop(CODE_STATE, None)
    messages.success(request, _("The passkey %(name)s can be used from now on.") % {"name": key.name})
    return redirect("organisations:profile")


@require_POST
def remove(request: DeskRequest, passkey: int) -> HttpResponse:
    """Forget a key, unless it is the only second step of somebody whose role needs one."""
    key = get_object_or_404(Passkey.objects.visible_to(request.user).filter(user=request.user), pk=passkey)
    is_last = not request.user.codes_since and request.user.passkeys.count() == 1
    if is_last and one_time_codes.is_needed(request.user):
        messages.error(request, _("Your role needs a passkey or one-time codes."))
    else:
        key.delete()
        messages.success(request, _("The passkey is removed."))
    return redirect("organisations:profile")


@require_POST
def second_step_options(request: DeskRequest) -> HttpResponse:
    """Tell the browser to use a key of the user who has typed the password."""
    return JsonResponse(passkeys.begin_use(request, request.user))


@require_POST
def second_step(request: DeskRequest) -> HttpResponse:
    """Check the key, the second step of signing in."""
    if request.session.get(CODE_STATE) != CODE_WANTED:
        return redirect("home")
    try:
        passkeys.use(request, request.POST.get("answer", "").encode(), request.user)
    except passkeys.Refused:
        messages.error(request, _("This passkey does not fit. Please try again."))
        return redirect("organisations:enter-code")
    request.session.pop(CODE_STATE, None)
    return redirect("home")


@login_not_required
@require_POST
def sign_in_options(request: HttpRequest) -> HttpResponse:
    """Tell the browser to use any key that knows its owner; few tries without success at one address."""
    if not throttle.begin(*_tries(request)):
        return JsonResponse({"error": "too many attempts"}, status=429)
    return JsonResponse(passkeys.begin_use(request, None))


@login_not_required
@require_POST
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in by a passkey alone: it has asked its owner for a finger, a face or a PIN."""
    try:
        user = passkeys.use(request, request.POST.get("answer", "").encode(), None)
    except passkeys.Refused:
        messages.error(request, _("This passkey does not fit. Please try again."))
        return redirect("organisations:sign-in")
    login(request, user)
    throttle.succeeded(*_tries(request))
    # It is both steps at once.
    request.session.pop(CODE_STATE, None)
    return redirect("home")


def _tries(request: HttpRequest) -> tuple[str, str]:
    address = request.META.get("REMOTE_ADDR") or ""
    return f"passkey from {address}", address
