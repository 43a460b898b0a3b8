"""The desk's part for appointments and the café."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CalendarConfig(AppConfig):
    """Makes the calendar document, and keeps calendars expanded."""

    name = "cloud.calendar"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connects to what lies below."""
        from cloud.base import due_work, navigation
        from cloud.calendar.documents import calendar
        from cloud.calendar.watch import CalendarWatch
        from cloud.devices import documents

        documents.register("calendar", calendar)
        due_work.register("calendars", lambda: CalendarWatch().run)
        navigation.register(navigation.Entry("cafe", "calendar:cafes", "cup", _("Café"), place=60))
