"""Sign-in, and the choice of language."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.views.decorators.http import require_POST

from cloud.base.languages import LANGUAGES
from cloud.organisations import throttle
from cloud.organisations.forms import SignInForm
from cloud.organisations.models import User


class SignIn(LoginView):
    """The sign-in page; somebody who is signed in already is redirected."""

    form_class = SignInForm
    template_name = "organisations/sign_in.html"
    redirect_authenticated_user = True

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """Sign in, and mark the browser as known."""
        response = super().form_valid(form)
        throttle.remember(response, form.cleaned_data["username"])
        return response


@login_not_required
@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Set the language, also for the user's other computers."""
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()):
        target = reverse("home")
    response = HttpResponseRedirect(target)
    code = request.POST.get("language", "")
    if code in dict(LANGUAGES) and check_for_language(code):
        if isinstance(request.user, User):
            request.user.language = code
            request.user.save(update_fields=["language"])
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, code, max_age=365 * 24 * 3600, samesite="Lax")
    return response
