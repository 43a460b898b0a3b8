"""The Django app of the audit log."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    """Records who changed what, and shows it to auditors."""

    name = "cloud.audit"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register recorder, page and retention with the apps below."""
        from cloud.audit.retention import ChangeRetention
        from cloud.base import due_work
        from cloud.base.navigation import Entry, register
        from cloud.organisations.access import allow
        from cloud.organisations.roles import Verb

        allow("audit:changes", "audit:changes-csv", see=Verb.READ_AUDIT)
        register(Entry("audit", "audit:changes", "clock", _("Changes"), place=92, verb=Verb.READ_AUDIT))
        settings = Verb.MANAGE_ORGANISATIONS
        allow("audit:own-settings", "audit:settings-of", see=settings)
        register(Entry("settings", "audit:own-settings", "gear", _("Settings"), place=91, verb=settings))
        due_work.register("changes", lambda: ChangeRetention().run)
