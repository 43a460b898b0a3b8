from django.apps import AppConfig


class CalendarConfig(AppConfig):
    name = "cloud.calendar"
    default_auto_field = "django.db.models.BigAutoField"
