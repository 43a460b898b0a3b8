"""The desk itself, which knows all its domains."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """Connects the domains that need each other."""

    name = "cloud.desk"

    def ready(self) -> None:
        """An urgent call is a call and a request."""
        from cloud.calls import urgent
        from cloud.help import by_call
        from cloud.organisations.access import allow_everybody

        urgent.connect(by_call)
        allow_everybody("home", "live")
