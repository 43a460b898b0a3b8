"""The Django app of messages."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MessagesConfig(AppConfig):
    """Plans messages, tracks their outcome, and escalates unconfirmed ones."""

    name = "cloud.messages"
    label = "resident_messages"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register documents, event handlers, pages and background work with the apps below."""
        from django.db.models.signals import post_save

        from cloud.base import due_work, navigation
        from cloud.delivery.signals import delivery_moved
        from cloud.devices import documents, incoming
        from cloud.messages import by_phone, device_events, notices, starter
        from cloud.messages.document import message_plan
        from cloud.messages.planning import replan
        from cloud.messages.urls import urlpatterns
        from cloud.messages.watch import MessageWatch
        from cloud.notices import events
        from cloud.organisations.access import allow
        from cloud.organisations.models import Organisation
        from cloud.organisations.roles import Verb

        documents.prepare("messages", replan)
        documents.register("messages", message_plan)
        incoming.on_event(device_events.handle, *device_events.EVENTS)
        due_work.register("messages", lambda: MessageWatch().run)
        due_work.register("messages by phone", lambda: by_phone.PhoneWatch().run)
        delivery_moved.connect(by_phone.follow)
        post_save.connect(starter.follow, sender=Organisation)
        send = Verb.SEND_MESSAGES
        label = _("Messages")
        navigation.register(
            navigation.Entry("messages", "messages:unconfirmed", "bell", label, place=27, verb=send)
        )
        allow(*(f"messages:{pattern.name}" for pattern in urlpatterns), see=send)
        events.register(notices.happened, *notices.TYPES)
