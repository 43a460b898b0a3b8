"""The desk's part for the monitoring partner."""

from django.apps import AppConfig


class PartnerConfig(AppConfig):
    """Adds the ways of an alarm centre to the ladder."""

    name = "cloud.partner"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connects to what lies below."""
        from cloud.base import page_parts
        from cloud.help import delivery, whom
        from cloud.partner import on_duty, outbox, registrations

        whom.register(on_duty.contacts, registrations.is_told)
        page_parts.add("help:board", on_duty.warnings)
        delivery.register(delivery.OtherWay("scaip", outbox.serves, outbox.deliver))
