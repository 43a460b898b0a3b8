"""The desk's part for appointments and the café."""

from django.apps import AppConfig


class CalendarConfig(AppConfig):
    """Tells Django of appointments and the café."""

    name = "cloud.calendar"
    default_auto_field = "django.db.models.BigAutoField"
