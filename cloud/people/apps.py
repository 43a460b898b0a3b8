"""The desk's part for residents and the people around them."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Tells Django of residents and the people around them."""

    name = "cloud.people"
    default_auto_field = "django.db.models.BigAutoField"
