"""The Django app of residents and their contacts."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    """Residents, their contacts, and the settings of both."""

    name = "cloud.people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register permissions, pages and audit with the apps below."""
        from cloud.base import search, setting_kinds
        from cloud.base.navigation import Entry, register
        from cloud.organisations.access import allow
        from cloud.organisations.roles import Verb
        from cloud.people import finding, forced_calls
        from cloud.people.models import ClosedDay
        from cloud.proposals import kinds

        kinds.register(
            forced_calls.KIND, kinds.Kind(_("Forced calls"), forced_calls.make, forced_calls.describe)
        )
        register(
            Entry("people", "people:residents", "people", _("Residents"), place=30, verb=Verb.SEE_RESIDENTS)
        )
        search.register(finding.RESIDENTS)
        see, edit, care = Verb.SEE_RESIDENTS, Verb.EDIT_RESIDENTS, Verb.EDIT_CARE
        allow("people:residents", "people:photo", see=see)
        allow("people:new-resident", "people:archive", "people:bring-back", see=Verb.ADD_RESIDENTS)
        allow(
            "people:table",
            "people:apply-table",
            "people:table-csv",
            "people:table-xlsx",
            see=Verb.ADD_RESIDENTS,
        )
        allow("people:save-home", "people:door", see=edit)
        allow("people:resident", "people:contacts", "people:contact", see=see, do=edit)
        allow("people:new-contact", "people:add-known", "people:lock", "people:unlink", see=edit)
        allow("people:contact-up", "people:contact-down", see=edit)
        allow("people:care", "people:escalation-contact", see=see, do=care)
        allow(
            "people:new-escalation-contact",
            "people:remove-escalation-contact",
            "people:escalation-contact-up",
            "people:escalation-contact-down",
            see=care,
        )
        allow("people:forced-calls", see=see, do=care)
        allow("people:closed-days", see=see, do=Verb.SET_CLOSED_DAYS)
        allow("people:open-on", see=Verb.SET_CLOSED_DAYS)
        setting_kinds.register(
            setting_kinds.SettingKind(
                _("Closed days"),
                ClosedDay,
                ("day",),
                "people:closed-days",
                Verb.SET_CLOSED_DAYS,
                is_list=True,
            )
        )
