"""The Django app of customer service."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class QueueConfig(AppConfig):
    """Composes the queue document, handles visit events, and runs scheduled work."""

    name = "cloud.queue"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register documents, event handlers, pages and background work with the apps below."""
        from cloud.base import due_work, navigation, page_parts, reports
        from cloud.devices import documents, incoming
        from cloud.notices import events
        from cloud.organisations.access import allow
        from cloud.organisations.roles import Verb
        from cloud.people.signals import contact_changed
        from cloud.queue import callers, device_events, notices, report
        from cloud.queue.document import queue_document
        from cloud.queue.watch import QueueWatch

        documents.load_along("resident__organisation")
        documents.register("queue", queue_document)
        incoming.on_event(device_events.handle, *device_events.EVENTS)
        due_work.register("queues", lambda: QueueWatch().run)
        due_work.register("queue estimates", lambda: QueueWatch().run_estimates)
        due_work.register("transcripts", lambda: QueueWatch().run_forgetting)
        page_parts.add("caller:page", callers.on_call_page)
        contact_changed.connect(callers.contact_changed)
        reports.register(report.REPORT)
        see, answer = Verb.SEE_QUEUES, Verb.ANSWER_QUEUE
        navigation.register(navigation.Entry("queue", "queue:desk", "chat", _("Service"), place=25, verb=see))
        allow("queue:desk", "queue:board", "queue:visit", "queue:photo", "queue:messages", see=see, do=answer)
        allow("queue:servers", see=answer)
        calls = ("video", "no-video", "call", "follow", "hang-up")
        allow(*(f"queue:{act}" for act in calls), see=answer)
        acts = ("sign-in", "sign-out", "next", "take", "say", "release", "remove", "transfer", "notes")
        allow(*(f"queue:{act}" for act in acts), see=answer)
        allow("queue:queues", "queue:new-queue", "queue:queue", see=Verb.EDIT_QUEUES)
        allow("queue:transcripts", "queue:transcripts-csv", see=Verb.READ_TRANSCRIPTS)
        events.register(notices.happened, *notices.TYPES)
