"""The desk's part for the monitoring partner."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PartnerConfig(AppConfig):
    """Adds the ways of an alarm centre to the ladder."""

    name = "cloud.partner"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connects to what lies below."""
        from cloud.base import due_work, navigation, page_parts
        from cloud.devices import documents, incoming
        from cloud.help import delivery, whom
        from cloud.messages import whom as reminder_whom
        from cloud.notices import events
        from cloud.organisations.access import allow
        from cloud.organisations.roles import Verb
        from cloud.partner import (
            duress,
            follow,
            home_assistant,
            notices,
            on_duty,
            outbox,
            readiness,
            registrations,
        )
        from cloud.people.signals import resident_changed
        from device.contract.events import HelpRaised

        whom.register(on_duty.contacts, registrations.is_notified, readiness.is_test)
        reminder_whom.register(on_duty.notified)
        due_work.register("duress", lambda: duress.run)
        due_work.register("readiness", lambda: readiness.run)
        due_work.register("home-assistant", lambda: home_assistant.run)
        documents.register("policy", readiness.add_to_policy)
        incoming.on_event(readiness.pressed, HelpRaised)
        resident_changed.connect(follow.resident_changed)
        see = Verb.SEE_ALARMS
        navigation.register(
            navigation.Entry("alarms", "partner:alarms", "alarm", _("Alarms"), place=15, verb=see)
        )
        for warnings in (duress.warnings, on_duty.warnings, readiness.warnings):
            page_parts.add("help:board", warnings)
        page_parts.add("help:requests", readiness.tests_among)
        delivery.register(delivery.OtherWay("scaip", outbox.serves, outbox.deliver))
        allow("partner:centre", "partner:remove-centre", see=Verb.SET_PARTNER)
        alarms = ("alarms", "alarms-part", "alarm", "take", "give-back", "reveal", "well", "duress", "settle")
        allow(*(f"partner:{page}" for page in (*alarms, "answers", "answers-csv")), see=see)
        contacts = ("contacts", "contacts-csv", "contacts-xlsx", "apply-contacts")
        care = ("registrations", "resident", "plan-test", "home-assistant", "safe-words", *contacts)
        allow(*(f"partner:{page}" for page in care), see=Verb.EDIT_CARE)
        allow("partner:readiness", "partner:begin-test", see=Verb.TEST_DEVICES)
        rota = ("rota", "new-person", "remove-person", "new-shift", "remove-shift")
        allow(*(f"partner:{page}" for page in rota), see=Verb.SET_DUTY)
        events.register(notices.happened, *notices.TYPES, every_s=notices.EVERY_S)
