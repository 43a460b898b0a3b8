"""The desk's part for the help board."""

from django.apps import AppConfig


class HelpConfig(AppConfig):
    """Tells Django of the help board."""

    name = "cloud.help"
    default_auto_field = "django.db.models.BigAutoField"
