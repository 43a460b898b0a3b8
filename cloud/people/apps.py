"""The desk's part for residents and the people around them."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    """Residents and the people around them."""

    name = "cloud.people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connects to what lies below."""
        from cloud.base.navigation import Entry, register

        register(Entry("people", "people:residents", "people", _("Residents"), place=30))
