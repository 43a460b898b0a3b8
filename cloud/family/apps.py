"""The Django app of relatives."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FamilyConfig(AppConfig):
    """Applications of relatives, and recovery of their links."""

    name = "cloud.family"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register with the apps of lower layers: event handlers, documents, due work."""
        from cloud.base import due_work, navigation, search, setting_kinds
        from cloud.family import deciding, finding
        from cloud.family.models import RelativesSettings
        from cloud.family.watch import FamilyWatch
        from cloud.organisations.access import allow
        from cloud.organisations.roles import Verb

        due_work.register("family", lambda: FamilyWatch().run)
        waiting = navigation.Count(
            "waiting_applications", deciding.waiting, "family/count.html", "family:count", "application"
        )
        navigation.register(
            navigation.Entry(
                "family", "family:contacts", "heart", _("Relatives"), 35, Verb.SEE_RESIDENTS, count=waiting
            )
        )
        search.register(finding.CONTACTS)
        allow("family:applications", "family:application", "family:approve", see=Verb.ADMIT_RELATIVES)
        allow("family:count", see=Verb.SEE_RESIDENTS)
        allow("family:refuse", "family:registration", "family:registration-of", see=Verb.ADMIT_RELATIVES)
        allow("family:renew", see=Verb.ADMIT_RELATIVES)
        allow("family:contacts", "family:contact", "family:around", see=Verb.SEE_RESIDENTS)
        allow("family:put-on", "family:take-off", "family:lock", see=Verb.EDIT_RESIDENTS)
        allow("family:put-around", "family:take-around", see=Verb.EDIT_RESIDENTS)
        allow("family:send-link", "family:show-link", see=Verb.GIVE_LINKS)
        allow("family:anonymise", see=Verb.ANONYMISE)
        setting_kinds.register(
            setting_kinds.SettingKind(
                _("Relatives"),
                RelativesSettings,
                ("notice_email", "asks_code"),
                "family:registration-of",
                Verb.ADMIT_RELATIVES,
                falls_back=frozenset({"notice_email"}),
            )
        )
