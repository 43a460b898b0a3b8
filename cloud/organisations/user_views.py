"""Users: their data, roles, and the link to set a password (V7, V8, K14)."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from cloud.base import page_parts
from cloud.base.forms import saved
from cloud.base.lists import page_of, words_of
from cloud.organisations import accounts, finding, invitations, one_time_codes, sign_ins
from cloud.organisations.models import Grant, User
from cloud.organisations.request import DeskRequest
from cloud.organisations.user_forms import GrantForm, NewUserForm, UserForm

ROWS = 50
MOST_SIGN_INS = 5
MADE_LINK = "made_account_link"


@require_GET
def users(request: DeskRequest) -> HttpResponse:
    """List the users whom the manager sees; those who have left on request."""
    former = "former" in request.GET
    rows = accounts.visible_accounts(request.user).filter(deactivated_at__isnull=not former)
    words = words_of(request)
    rows = rows.filter(finding.named(words))
    page, asked = page_of(request, rows.prefetch_related("grants"), ROWS)
    context = {"page": page, "words": words, "former": former, "asked": asked}
    return render(request, "organisations/users.html", {"section": "users", **context})


def new_user(request: DeskRequest) -> HttpResponse:
    """Add a user, who is invited by e-mail."""
    form = NewUserForm(request.POST or None, user=request.user)
    if request.method == "POST" and saved(form, form.save, lambda: None):
        return _send_link(request, form.instance)
    return render(request, "organisations/new_user.html", {"section": "users", "form": form})


def user(request: DeskRequest, pk: int) -> HttpResponse:
    """Show one account: its data and its roles."""
    found = _visible(request, pk)
    if request.method != "POST":
        return _show(request, found)
    _check_managed(request, found)
    form = UserForm(request.POST, instance=found, user=request.user)
    if saved(form, form.save, lambda: None):
        messages.success(request, _("Saved."))
        return redirect("organisations:user", pk)
    # An invalid form has changed its instance: the page's heading shows the stored one.
    return _show(request, _visible(request, pk), form=form)


@require_POST
def give_role(request: DeskRequest, pk: int) -> HttpResponse:
    """Give a user a further role."""
    found = _visible(request, pk)
    form = GrantForm(request.POST, instance=Grant(user=found), user=request.user)
    if found.deactivated_at is None and saved(form, form.save, lambda: None):
        messages.success(request, _("Saved."))
        return redirect("organisations:user", pk)
    return _show(request, found, role_form=form)


@require_POST
def withdraw(request: DeskRequest, pk: int, grant: int) -> HttpResponse:
    """Remove a role, effective at the user's next request."""
    rows = Grant.objects.visible_to(request.user).select_related("organisation")
    found = get_object_or_404(rows, pk=grant, user=_visible(request, pk))
    return _try(request, pk, lambda: accounts.withdraw(found))


@require_POST
def send_link(request: DeskRequest, pk: int) -> HttpResponse:
    """Send a new link to set a password, or show it to be handed over; not for a locked user."""
    found = _managed(request, pk)
    if not found.is_active:
        messages.error(request, _("This account is locked."))
        return redirect("organisations:user", pk)
    return _send_link(request, found, is_shown="show" in request.POST)


@require_POST
def lock(request: DeskRequest, pk: int) -> HttpResponse:
    """Lock the account, or unlock it."""
    found = _managed(request, pk)
    if found.is_active:
        return _try(request, pk, lambda: accounts.lock(found, request.user))
    if not found.deactivated_at:
        accounts.unlock(found)
    return redirect("organisations:user", pk)


@require_POST
def codes_off(request: DeskRequest, pk: int) -> HttpResponse:
    """Disable codes for a user who has lost their phone and the recovery codes."""
    one_time_codes.switch_off(_managed(request, pk))
    messages.success(request, _("One-time codes are off."))
    return redirect("organisations:user", pk)


@require_POST
def passkeys_off(request: DeskRequest, pk: int) -> HttpResponse:
    """Remove every passkey of a user who has lost the device with it."""
    _managed(request, pk).passkeys.all().delete()
    messages.success(request, _("The passkeys are removed."))
    return redirect("organisations:user", pk)


@require_POST
def deactivate(request: DeskRequest, pk: int) -> HttpResponse:
    """Deactivate a user who has left, or reactivate one."""
    found = _managed(request, pk)
    if found.deactivated_at:
        accounts.reactivate(found)
        return redirect("organisations:user", pk)
    return _try(request, pk, lambda: accounts.deactivate(found, request.user))


def _send_link(request: DeskRequest, user: User, *, is_shown: bool = False) -> HttpResponse:
    link = invitations.make_link(user) if is_shown else invitations.send_link(user)
    if link:
        # Shown by the next page once, so that a reload does not create another.
        request.session[MADE_LINK] = [user.pk, link]
    else:
        words = _("A link to choose a password is on its way to %(address)s.")
        messages.success(request, words % {"address": user.email})
    return redirect("organisations:user", user.pk)


def _try(request: DeskRequest, pk: int, act: Callable[[], None]) -> HttpResponse:
    try:
        act()
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("organisations:user", pk)


def _show(
    request: DeskRequest, found: User, *, form: UserForm | None = None, role_form: GrantForm | None = None
) -> HttpResponse:
    grants = Grant.objects.visible_to(request.user).filter(user=found).select_related("organisation")
    owner, link = request.session.pop(MADE_LINK, (None, ""))
    context = {
        "section": "users",
        "account": found,
        "manages": accounts.manages(request.user, found),
        "grants": grants.order_by("organisation__path", "role"),
        "form": form or UserForm(instance=found, user=request.user),
        "role_form": role_form or GrantForm(instance=Grant(user=found), user=request.user),
        "link": link if owner == found.pk else "",
        "sign_ins": sign_ins.newest(found)[:MOST_SIGN_INS],
    }
    return render(request, "organisations/user.html", context | page_parts.of("organisations:user", found))


def _visible(request: DeskRequest, pk: int) -> User:
    return get_object_or_404(accounts.visible_accounts(request.user), pk=pk)


def _managed(request: DeskRequest, pk: int) -> User:
    found = _visible(request, pk)
    _check_managed(request, found)
    return found


def _check_managed(request: DeskRequest, user: User) -> None:
    if not accounts.manages(request.user, user):
        raise PermissionDenied("the account reaches beyond what one manages")
