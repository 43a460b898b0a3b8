"""The desk's part for organisations and those who sign in."""

from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    """Tells Django of organisations and those who sign in."""

    name = "cloud.organisations"
    default_auto_field = "django.db.models.BigAutoField"
