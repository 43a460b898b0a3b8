"""The Django app of messages to people outside."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeliveryConfig(AppConfig):
    """Delivers due messages over its channels."""

    name = "cloud.delivery"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Registers the channels, and a loop for each."""
        from cloud.base import due_work, navigation, page_parts, setting_kinds
        from cloud.delivery import account_letters
        from cloud.delivery.channels import email, modem, smpp, sms_gateway
        from cloud.delivery.models import ChannelSettings
        from cloud.delivery.worker import Sweep, carry_by
        from cloud.organisations.access import allow
        from cloud.organisations.roles import Verb

        for each in (email.CHANNEL, sms_gateway.CHANNEL, smpp.CHANNEL, modem.CHANNEL):
            carry_by(each)
        due_work.register("delivery", lambda: Sweep().run)
        account_letters.register()
        page_parts.add("organisations:user", account_letters.beside_user)
        label = _("Channels")
        set_up = Verb.SET_CHANNELS
        navigation.register(
            navigation.Entry("channels", "delivery:channels", "chat", label, place=75, verb=set_up)
        )
        allow("delivery:channels", "delivery:channel", "delivery:costs", "delivery:costs-csv", see=set_up)
        allow("delivery:failed", "delivery:settle", see=Verb.SEND_MESSAGES)
        setting_kinds.register(
            setting_kinds.SettingKind(
                _("Channels"),
                ChannelSettings,
                ("channel", "is_on", "place"),
                "delivery:channels",
                Verb.SET_CHANNELS,
                is_list=True,
                takes="",
            )
        )
