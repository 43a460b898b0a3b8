"""What every part of the desk stands on."""

from django.apps import AppConfig


class BaseConfig(AppConfig):
    """Adds what Django's own lookups leave out."""

    name = "cloud.base"
    label = "base"

    def ready(self) -> None:
        """Hold lists of numbers within what a row can have."""
        from cloud.base import lookups  # noqa: F401
