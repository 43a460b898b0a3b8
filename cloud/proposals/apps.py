"""The Django app of four-eyes approval."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProposalsConfig(AppConfig):
    """Changes that one user proposes and another confirms."""

    name = "cloud.proposals"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register permissions, pages and menu entries with the apps below."""
        from cloud.base.navigation import Entry, register
        from cloud.organisations.access import allow
        from cloud.organisations.roles import Verb

        allow("proposals:proposals", "proposals:confirm", "proposals:refuse", see=Verb.CONFIRM)
        register(
            Entry("proposals", "proposals:proposals", "check", _("Proposals"), place=83, verb=Verb.CONFIRM)
        )
