"""The user's own account: password, one-time codes, and sign-ins."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from cloud.organisations import one_time_codes, sign_ins
from cloud.organisations.access import CODE_STATE, CODE_WANTED
from cloud.organisations.models import Grant, User
from cloud.organisations.profile_forms import CodeForm, OwnPasswordForm
from cloud.organisations.request import DeskRequest

SPARE = "spare_codes"


@require_GET
def profile(request: DeskRequest) -> HttpResponse:
    """Show the user's own account."""
    own = Grant.objects.visible_to(request.user).filter(user=request.user).select_related("organisation")
    context = {
        "section": "profile",
        "rows": sign_ins.newest(request.user),
        "this_session": request.session.session_key,
        "own": own,
        "spare_codes": request.session.pop(SPARE, []),
        "passkeys": request.user.passkeys.all(),
        "codes_needed": _codes_needed(request.user),
    }
    return render(request, "organisations/profile.html", context)


def password(request: DeskRequest) -> HttpResponse:
    """Change the password; every other session ends."""
    form = OwnPasswordForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        form.save()
        update_session_auth_hash(request, request.user)
        messages.success(request, _("Your new password is set. You are signed out everywhere else."))
        return redirect("organisations:profile")
    return render(request, "organisations/own_password.html", {"section": "profile", "form": form})


@require_POST
def sign_out_everywhere(request: DeskRequest) -> HttpResponse:
    """End every other session at once."""
    ended = sign_ins.end_all(request.user, but=request.session.session_key)
    messages.success(request, _("Sessions that were ended: %(number)d.") % {"number": ended})
    return redirect("organisations:profile")


def set_up_codes(request: DeskRequest) -> HttpResponse:
    """Show a QR code to scan, and check the first code."""
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        codes = one_time_codes.switch_on(request.session, request.user, form.cleaned_data["code"])
        if codes:
            request.session[SPARE] = codes
            return redirect("organisations:profile")
        form.add_error("code", _("This code is wrong. Look for the newest one, and check the phone's clock."))
    device = one_time_codes.prepare(request.user)
    context = {"section": "profile", "form": form, "picture": one_time_codes.picture(device)}
    context["key"] = one_time_codes.typed_key(device)
    return render(request, "organisations/set_up_codes.html", context)


@require_POST
def codes_off(request: DeskRequest) -> HttpResponse:
    """Disable codes, where no role of the user requires them."""
    if _codes_needed(request.user):
        messages.error(request, _("Your role needs one-time codes."))
    else:
        one_time_codes.switch_off(request.user)
        messages.success(request, _("One-time codes are off."))
    return redirect("organisations:profile")


def _codes_needed(user: User) -> bool:
    """Return whether codes are the only second step of somebody whose role needs one."""
    return one_time_codes.is_needed(user) and not user.passkeys.exists()


def enter_code(request: DeskRequest) -> HttpResponse:
    """Check the code, the second step of signing in."""
    state = request.session.get(CODE_STATE)
    if state != CODE_WANTED:
        return redirect("organisations:set-up-codes" if state else "home")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if one_time_codes.enter(request.session, request.user, form.cleaned_data["code"]):
            return redirect("home")
        form.add_error("code", _("This code is wrong, or there were too many attempts: wait a little."))
    context = {"form": form, "has_passkey": request.user.passkeys.exists()}
    return render(request, "organisations/enter_code.html", context)
