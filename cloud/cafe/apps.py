"""The Django app of the café's tables and of meetings."""

from django.apps import AppConfig
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class CafeConfig(AppConfig):
    """Admits people to tables, and adds participants to a device's documents."""

    name = "cloud.cafe"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register with the apps of lower layers: event handlers, documents, due work."""
        from cloud.base import due_work, navigation, page_parts, reports, setting_kinds
        from cloud.cafe import device_events, documents, keeping, people, report
        from cloud.cafe.models import CafeSettings
        from cloud.cafe.watch import CafeWatch
        from cloud.devices import documents as desired
        from cloud.devices import incoming, pictures, retention
        from cloud.organisations.access import allow
        from cloud.organisations.roles import Verb
        from cloud.screens.signals import group_changed

        incoming.on_event(device_events.handle, *device_events.EVENTS)
        desired.register("cafe", documents.add_tables)
        pictures.register(documents.picture_of)
        page_parts.add("caller:page", people.on_call_page)
        group_changed.connect(keeping.group_changed)
        due_work.register("cafe", lambda: CafeWatch().run)
        navigation.register(
            navigation.Entry("meetings", "cafe:meetings", "cup", _("Events"), place=61, verb=Verb.HOST_CAFE)
        )
        allow("cafe:meetings", "cafe:new-meeting", "cafe:meeting", "cafe:end-meeting", see=Verb.HOST_CAFE)
        allow("cafe:event-picture", see=Verb.HOST_CAFE)
        allow("cafe:table", "cafe:sit", "cafe:do", "cafe:live", see=Verb.HOST_CAFE)
        allow("cafe:record", "cafe:record-csv", see=Verb.SEE_CALLS)
        retention.register("visits to tables", settings.CALL_DAYS, keeping.left_before, "call_days")
        reports.register(report.REPORT)
        allow("cafe:rules", see=Verb.EDIT_CAFE)
        setting_kinds.register(
            setting_kinds.SettingKind(
                _("Café"),
                CafeSettings,
                ("relatives_may_join", "ends_when_hosts_leave", "asks_after_min"),
                "cafe:rules",
                Verb.EDIT_CAFE,
            )
        )
