"""The Django app of calls."""

from django.apps import AppConfig
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class CallsConfig(AppConfig):
    """Tracks calls, and adds contacts' presence to a device's documents."""

    name = "cloud.calls"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register event handlers, documents, pages and background work with the apps below."""
        from django.contrib.auth.signals import user_logged_out

        from cloud.base import due_work, navigation, page_parts
        from cloud.calls import anonymising, device_events, documents, duty, follow, history, own, words
        from cloud.calls.watch import CallWatch
        from cloud.devices import documents as desired
        from cloud.devices import incoming, retention
        from cloud.organisations.access import allow
        from cloud.organisations.roles import Verb
        from cloud.people.signals import contact_changed, resident_changed
        from cloud.proposals import kinds
        from cloud.screens import event_log

        incoming.on_event(device_events.handle, *device_events.EVENTS)
        retention.register("calls", settings.CALL_DAYS, history.ended_before, "call_days")
        incoming.on_answer(device_events.answered, *device_events.INVITATIONS)
        incoming.reach_changed.connect(device_events.reach_changed)
        incoming.device_reassigned.connect(follow.device_reassigned)
        resident_changed.connect(follow.resident_changed)
        contact_changed.connect(follow.contact_changed)
        desired.register("people", documents.add_presence)
        desired.register("policy", documents.add_limit)
        event_log.register(words.EVENT_WORDS, words.AT_DESK)
        page_parts.add("help:board", duty.beside_board)
        due_work.register("calls", lambda: CallWatch().run)
        navigation.register(
            navigation.Entry("calls", "calls:log", "phone", _("Calls"), place=20, verb=Verb.SEE_CALLS)
        )
        allow("calls:log", "calls:log-csv", "calls:report", "calls:report-csv", see=Verb.SEE_CALLS)
        allow("calls:forced", see=Verb.SEE_FORCED_CALLS)
        allow("calls:officers", "calls:officer", see=Verb.SEE_CALLS, do=Verb.SET_DUTY)
        allow("calls:own", "calls:call", see=Verb.ANSWER_HELP)
        user_logged_out.connect(own.signed_out)
        allow("calls:links", "calls:revoke", see=Verb.GIVE_LINKS)
        kinds.register(
            anonymising.KIND, kinds.Kind(_("Anonymise an account"), anonymising.make, anonymising.describe)
        )
        allow("calls:anonymise", see=Verb.ANONYMISE)
        self._register_lists()

    def _register_lists(self) -> None:
        """Register what the pages of settings, reports, notices and people list."""
        from cloud.base import due_work, page_parts, reports, setting_kinds
        from cloud.calls import notices, reach, report
        from cloud.calls.log_checks import LogCheckWatch
        from cloud.calls.models import CallSettings
        from cloud.notices import events
        from cloud.organisations.roles import Verb

        setting_kinds.register(
            setting_kinds.SettingKind(
                _("Calls"),
                CallSettings,
                ("duty_officer", "limit_min", "tells_relatives"),
                "calls:officer",
                Verb.SET_DUTY,
                falls_back=frozenset({"duty_officer"}),
            )
        )
        page_parts.add("people:contacts", reach.beside_people)
        reports.register(report.REPORT)
        due_work.register("logs of forced calls", lambda: LogCheckWatch().run)
        events.register(notices.happened, *notices.TYPES)
