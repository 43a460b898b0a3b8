"""The desk's part for the monitoring partner."""

from django.apps import AppConfig


class PartnerConfig(AppConfig):
    """Adds the ways of an alarm centre to the ladder."""

    name = "cloud.partner"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connects to what lies below."""
        from cloud.help import delivery
        from cloud.partner import outbox

        delivery.register(delivery.OtherWay("scaip", outbox.serves, outbox.deliver))
