"""The desk's part for organisations and those who sign in."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrganisationsConfig(AppConfig):
    """Organisations and those who sign in."""

    name = "cloud.organisations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connects to what lies below."""
        from cloud.base.navigation import Entry, register
        from cloud.organisations.access import allow_everybody

        allow_everybody("organisations:sign-out", "organisations:roles")
        register(Entry("roles", "organisations:roles", "shield", _("Roles"), place=95))
