"""The tablets: who they are, what they should show, what they said."""

from django.apps import AppConfig


class DevicesConfig(AppConfig):
    """This part of the desk."""

    name = "cloud.devices"
    default_auto_field = "django.db.models.BigAutoField"
