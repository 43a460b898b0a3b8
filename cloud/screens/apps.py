"""The desk's part for what each screen is made of."""

from django.apps import AppConfig


class ScreensConfig(AppConfig):
    """Tells Django of what each screen is made of."""

    name = "cloud.screens"
    default_auto_field = "django.db.models.BigAutoField"
