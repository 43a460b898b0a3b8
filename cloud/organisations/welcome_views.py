"""The page to set a password, opened by a link."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import PasswordResetConfirmView
from django.http import HttpResponse
from django.urls import reverse_lazy
from django.utils import translation
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _

from cloud.organisations import invitations
from cloud.organisations.models import User
from cloud.organisations.user_forms import NewPasswordForm


@method_decorator(login_not_required, name="dispatch")
class SetPassword(PasswordResetConfirmView):
    """Works once, with the newest link of an unlocked account; the secret is removed from the URL at once."""

    form_class = NewPasswordForm
    template_name = "organisations/set_password.html"
    success_url = reverse_lazy("organisations:sign-in")
    token_generator = invitations.tokens

    def get_user(self, uidb64: str) -> User | None:
        """Return the owner of the link, and activate their language."""
        user: User | None = super().get_user(uidb64)
        if user is None:
            return None
        translation.activate(user.language)
        return user if user.is_active else None

    def form_valid(self, form: NewPasswordForm) -> HttpResponse:  # type: ignore[override]
        """Set the password, and redirect to sign-in."""
        response = super().form_valid(form)
        messages.success(self.request, _("Your password is set. Sign in with it."))
        return response
