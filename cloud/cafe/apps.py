"""The desk's part for the café's tables and for meetings."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CafeConfig(AppConfig):
    """Admits people to tables, and says in a device's documents who is there."""

    name = "cloud.cafe"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connects to what lies below."""
        from cloud.base import due_work, navigation
        from cloud.cafe import documents, intake
        from cloud.cafe.watch import CafeWatch
        from cloud.devices import documents as desired
        from cloud.devices import incoming

        incoming.on_event(intake.take_in, *intake.EVENTS)
        desired.register("cafe", documents.add_tables)
        due_work.register("cafe", lambda: CafeWatch().run)
        navigation.register(navigation.Entry("meetings", "cafe:meetings", "cup", _("Events"), place=61))
