"""The desk's part for calls."""

from django.apps import AppConfig


class CallsConfig(AppConfig):
    """Tells Django of calls, personal links and the duty officer."""

    name = "cloud.calls"
    default_auto_field = "django.db.models.BigAutoField"
