"""What every part of the desk stands on."""

from django.apps import AppConfig


class BaseConfig(AppConfig):
    """Adds what Django's own lookups leave out."""

    name = "cloud.base"
    label = "base"

    def ready(self) -> None:
        """Hold lists of numbers within what a row can have."""
        from django.db.models import IntegerField

        from cloud.base.lookups import IntegerIn

        IntegerField.register_lookup(IntegerIn)
