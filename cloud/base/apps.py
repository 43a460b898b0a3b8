"""The Django app at the base of the desk."""

from django.apps import AppConfig


class BaseConfig(AppConfig):
    """Adds what Django's own lookups leave out."""

    name = "cloud.base"
    label = "base"

    def ready(self) -> None:
        """Register lookups that limit lists of numbers to the range of the database."""
        from django.db.models import IntegerField

        from cloud.base.lookups import IntegerIn

        IntegerField.register_lookup(IntegerIn)
