"""The Django app of organisations and users."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrganisationsConfig(AppConfig):
    """Organisations, their users and roles, and how users sign in."""

    name = "cloud.organisations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register permissions, pages and menu entries with the apps below."""
        from django.contrib.auth.signals import user_logged_in

        from cloud.base import due_work, search, setting_kinds
        from cloud.base.navigation import Entry, register
        from cloud.organisations import finding, sign_ins
        from cloud.organisations.access import allow, allow_everybody
        from cloud.organisations.forgotten import ForgottenWatch
        from cloud.organisations.models import CodeRule
        from cloud.organisations.roles import Verb

        user_logged_in.connect(sign_ins.note)
        due_work.register("forgotten passwords", lambda: ForgottenWatch().run)
        allow_everybody("organisations:sign-out", "organisations:roles", "organisations:profile")
        allow_everybody("organisations:password", "organisations:sign-out-everywhere")
        allow_everybody("organisations:set-up-codes", "organisations:codes-off", "organisations:enter-code")
        allow_everybody("organisations:new-passkey-options", "organisations:add-passkey")
        allow_everybody("organisations:passkey-step-options", "organisations:passkey-step")
        allow_everybody("organisations:remove-passkey")
        allow("organisations:user-passkeys-off", see=Verb.MANAGE_USERS)
        users, organisations = Verb.MANAGE_USERS, Verb.MANAGE_ORGANISATIONS
        allow("organisations:users", "organisations:user", "organisations:new-user", see=users)
        allow("organisations:give-role", "organisations:withdraw-role", "organisations:user-link", see=users)
        allow("organisations:user-lock", "organisations:user-deactivate", see=users)
        allow("organisations:user-codes-off", see=users)
        allow("organisations:organisations", "organisations:organisation", see=organisations)
        allow("organisations:new-organisation", see=organisations)
        search.register(finding.USERS)
        register(Entry("users", "organisations:users", "person", _("Users"), place=85, verb=users))
        register(
            Entry(
                "organisations", "organisations:organisations", "home", _("Organisations"), 90, organisations
            )
        )
        register(Entry("roles", "organisations:roles", "shield", _("Roles"), place=95))
        setting_kinds.register(
            setting_kinds.SettingKind(
                _("One-time codes"),
                CodeRule,
                ("role",),
                "organisations:organisation",
                Verb.MANAGE_ORGANISATIONS,
                is_list=True,
                takes="pk",
            )
        )
