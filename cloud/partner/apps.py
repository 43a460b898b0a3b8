"""The Django app of the monitoring partner."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PartnerConfig(AppConfig):
    """Adds alarm centres, rotas and readiness to the escalation."""

    name = "cloud.partner"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register delivery channels, pages and background work with the apps below."""
        from cloud.base import due_work, navigation, page_parts
        from cloud.devices import documents, incoming, retention
        from cloud.devices import readiness as device_readiness
        from cloud.help import delivery, recipients
        from cloud.messages import recipients as reminder_recipients
        from cloud.notices import events
        from cloud.organisations.roles import Verb
        from cloud.partner import (
            comparison,
            comparison_watch,
            duress,
            follow,
            handover,
            home_assistant,
            notices,
            on_duty,
            outbox,
            readiness,
            registrations,
            rota_calendar,
            sheet_work,
        )
        from cloud.people.signals import resident_changed
        from device.contract.events import HelpRaised

        recipients.register(on_duty.contacts, registrations.is_notified, readiness.is_test)
        reminder_recipients.register(on_duty.notified)
        due_work.register("comparisons", lambda: comparison_watch.run)
        due_work.register("handovers", lambda: handover.run)
        due_work.register("readiness", lambda: readiness.run)
        due_work.register("rota-calendars", lambda: rota_calendar.run)
        due_work.register("contact-sheets", lambda: sheet_work.run)
        due_work.register("home-assistant", lambda: home_assistant.run)
        retention.register("comparisons with partners", 400, comparison.older_than)
        documents.register("policy", readiness.add_to_policy)
        device_readiness.register(readiness.gaps_of)
        incoming.on_event(readiness.pressed, HelpRaised)
        resident_changed.connect(follow.resident_changed)
        alarms = navigation.Entry(
            "alarms", "partner:alarms", "alarm", _("Alarms"), place=15, verb=Verb.SEE_ALARMS
        )
        navigation.register(alarms)
        for warnings in (duress.warnings, on_duty.warnings, readiness.warnings, comparison.warnings):
            page_parts.add("help:board", warnings)
        page_parts.add("help:requests", readiness.tests_among)
        delivery.register(delivery.OtherWay("scaip", outbox.serves, outbox.deliver))
        _allow_pages()
        events.register(notices.happened, *notices.TYPES, every_s=notices.EVERY_S)


def _allow_pages() -> None:
    """Says which verb each page asks for."""
    from cloud.organisations.access import allow
    from cloud.organisations.roles import Verb

    pages: dict[Verb, tuple[str, ...]] = {
        Verb.SET_PARTNER: ("centre", "remove-centre", "plan-comparison"),
        Verb.SEE_ALARMS: (
            *(
                "alarms",
                "alarms-part",
                "alarm",
                "call",
                "take",
                "give-back",
                "note",
                "reveal",
                "well",
                "duress",
            ),
            *("photo", "settle", "answers", "answers-csv", "comparisons", "settle-comparison"),
        ),
        Verb.EDIT_CARE: (
            *("registrations", "resident", "plan-test", "home-assistant", "safe-words"),
            *("contacts", "contacts-csv", "contacts-xlsx", "apply-contacts"),
        ),
        Verb.TEST_DEVICES: ("readiness", "begin-test"),
        Verb.SET_DUTY: (
            *("rota", "new-person", "remove-person", "new-shift", "remove-shift"),
            *("import-rota", "remove-rota-calendar"),
        ),
    }
    for verb, names in pages.items():
        allow(*(f"partner:{name}" for name in names), see=verb)
