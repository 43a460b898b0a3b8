"""The desk's part for relatives."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FamilyConfig(AppConfig):
    """Relatives apply, are let in, and find their link again."""

    name = "cloud.family"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connects to what lies below."""
        from cloud.base import due_work, navigation
        from cloud.family.watch import FamilyWatch
        from cloud.organisations.access import allow
        from cloud.organisations.roles import Verb

        due_work.register("family", lambda: FamilyWatch().run)
        navigation.register(
            navigation.Entry(
                "family", "family:contacts", "heart", _("Relatives"), place=35, verb=Verb.SEE_RESIDENTS
            )
        )
        allow("family:applications", "family:application", "family:approve", see=Verb.ADMIT_RELATIVES)
        allow("family:refuse", "family:registration", "family:registration-of", see=Verb.ADMIT_RELATIVES)
        allow("family:renew", see=Verb.ADMIT_RELATIVES)
        allow("family:contacts", "family:contact", "family:around", see=Verb.SEE_RESIDENTS)
        allow("family:put-on", "family:take-off", "family:lock", see=Verb.EDIT_RESIDENTS)
        allow("family:put-around", "family:take-around", see=Verb.EDIT_RESIDENTS)
        allow("family:send-link", "family:show-link", see=Verb.GIVE_LINKS)
        allow("family:anonymise", see=Verb.ANONYMISE)
