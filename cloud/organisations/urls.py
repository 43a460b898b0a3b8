"""URLs of sign-in, users, and organisations."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from cloud.organisations import (
    forgotten_views,
    organisation_views,
    passkey_views,
    profile_views,
    role_views,
    user_views,
    views,
)
from cloud.organisations.welcome_views import SetPassword

app_name = "organisations"
urlpatterns = [
    path("sign-in/", views.SignIn.as_view(), name="sign-in"),
    path("sign-out/", LogoutView.as_view(next_page="organisations:sign-in"), name="sign-out"),
    path("sign-in/forgotten/", forgotten_views.forgotten_password, name="forgotten-password"),
    path("sign-in/code/", profile_views.enter_code, name="enter-code"),
    path("profile/", profile_views.profile, name="profile"),
    path("profile/password/", profile_views.password, name="password"),
    path("sign-in/passkey/", passkey_views.sign_in, name="passkey-sign-in"),
    path("sign-in/passkey/options/", passkey_views.sign_in_options, name="passkey-sign-in-options"),
    path("sign-in/code/passkey/", passkey_views.second_step, name="passkey-step"),
    path("sign-in/code/passkey/options/", passkey_views.second_step_options, name="passkey-step-options"),
    path("profile/passkeys/options/", passkey_views.new_options, name="new-passkey-options"),
    path("profile/passkeys/add/", passkey_views.add, name="add-passkey"),
    path("profile/passkeys/<int:passkey>/remove/", passkey_views.remove, name="remove-passkey"),
    path("profile/codes/", profile_views.set_up_codes, name="set-up-codes"),
    path("profile/codes/off/", profile_views.codes_off, name="codes-off"),
    path("profile/sign-out/", profile_views.sign_out_everywhere, name="sign-out-everywhere"),
    path("welcome/<uidb64>/<token>/", SetPassword.as_view(), name="set-password"),
    path("users/", user_views.users, name="users"),
    path("users/new/", user_views.new_user, name="new-user"),
    path("users/<int:pk>/", user_views.user, name="user"),
    path("users/<int:pk>/roles/", user_views.give_role, name="give-role"),
    path("users/<int:pk>/roles/<int:grant>/withdraw/", user_views.withdraw, name="withdraw-role"),
    path("users/<int:pk>/link/", user_views.send_link, name="user-link"),
    path("users/<int:pk>/lock/", user_views.lock, name="user-lock"),
    path("users/<int:pk>/codes/off/", user_views.codes_off, name="user-codes-off"),
    path("users/<int:pk>/passkeys/off/", user_views.passkeys_off, name="user-passkeys-off"),
    path("users/<int:pk>/deactivate/", user_views.deactivate, name="user-deactivate"),
    path("organisations/", organisation_views.organisations, name="organisations"),
    path("organisations/new/", organisation_views.new_organisation, name="new-organisation"),
    path("organisations/<int:pk>/", organisation_views.organisation, name="organisation"),
    path("roles/", role_views.roles, name="roles"),
    path("language/", views.choose_language, name="language"),
]
