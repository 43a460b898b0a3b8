"""The Django app of appointments and the café's opening hours."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CalendarConfig(AppConfig):
    """Composes the calendar document and keeps recurrences expanded."""

    name = "cloud.calendar"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register document, pages and background work with the apps below."""
        from cloud.base import due_work, navigation
        from cloud.calendar import notices
        from cloud.calendar.documents import calendar
        from cloud.calendar.watch import CalendarWatch
        from cloud.devices import documents
        from cloud.notices import events
        from cloud.organisations.access import allow
        from cloud.organisations.roles import Verb

        documents.register("calendar", calendar)
        events.register(notices.happened, *notices.TYPES)
        due_work.register("calendars", lambda: CalendarWatch().run)
        navigation.register(
            navigation.Entry("cafe", "calendar:cafes", "cup", _("Café"), place=60, verb=Verb.SEE_CAFE)
        )
        allow("calendar:appointments", "calendar:appointment", see=Verb.SEE_RESIDENTS, do=Verb.EDIT_CALENDAR)
        edits = ("new-appointment", "import", "remove", "make-feed", "revoke-feed")
        allow(*(f"calendar:{page}" for page in edits), see=Verb.EDIT_CALENDAR)
        allow("calendar:cafes", "calendar:cafe", see=Verb.SEE_CAFE, do=Verb.EDIT_CAFE)
        allow("calendar:close-on", "calendar:open-on", see=Verb.EDIT_CAFE)
