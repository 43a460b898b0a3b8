"""The Django app of phones that ring."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PushConfig(AppConfig):
    """Rings phones whose pages are closed."""

    name = "cloud.push"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register with the apps of lower layers: event handlers, documents, due work."""
        from cloud.base import due_work, setting_kinds
        from cloud.calls import ways
        from cloud.delivery.worker import carry_by
        from cloud.devices import incoming
        from cloud.notices import recipients
        from cloud.organisations.access import allow
        from cloud.organisations.roles import Verb
        from cloud.push import channel, ringing
        from cloud.push.models import PushSettings
        from cloud.push.watch import PushWatch
        from device.contract.events import HelpRaised

        ways.connect(ringing)
        carry_by(channel.CHANNEL)
        recipients.also_by(channel.address_of)
        incoming.on_event(ringing.handle, HelpRaised)
        due_work.register("push", lambda: PushWatch().run)
        allow("phones:settings", see=Verb.SEE_CALLS, do=Verb.SET_DUTY)
        setting_kinds.register(
            setting_kinds.SettingKind(
                _("Phones"),
                PushSettings,
                ("names_shown", "writes"),
                "phones:settings",
                Verb.SET_DUTY,
            )
        )
