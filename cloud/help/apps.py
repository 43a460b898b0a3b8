"""The Django app of the help board."""

from django.apps import AppConfig
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class HelpConfig(AppConfig):
    """Handles help requests, and escalates them until somebody answers."""

    name = "cloud.help"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register event handlers, pages and background work with the apps below."""
        from cloud.base import due_work, navigation, page_parts, reports, search, setting_kinds
        from cloud.delivery.signals import delivery_moved
        from cloud.devices import incoming, retention
        from cloud.help import (
            board,
            device_events,
            finding,
            letters,
            log,
            moving,
            notices,
            partner_secrets,
            partner_views,
            report,
            shared_parts,
            words,
        )
        from cloud.help.models import Partner
        from cloud.help.watch import Watch
        from cloud.notices import events
        from cloud.organisations.access import allow
        from cloud.organisations.roles import Verb
        from cloud.people.signals import resident_archived, resident_moved
        from cloud.proposals import kinds
        from cloud.screens import event_log

        incoming.on_event(device_events.handle, *device_events.EVENTS)
        retention.register("calls for help", settings.HELP_DAYS, log.closed_before, "help_days")
        resident_moved.connect(moving.follow)
        resident_archived.connect(moving.refuse_archiving)
        delivery_moved.connect(letters.follow)
        event_log.register(words.EVENT_WORDS)
        page_parts.add("people:care", partner_views.serving)
        due_work.register("help", lambda: Watch().run)
        untaken = navigation.Count("untaken", board.untaken, "help/count.html", "help:count", "help")
        navigation.register(
            navigation.Entry(
                "help", "help:board", "bell", _("Help"), place=10, verb=Verb.ANSWER_HELP, count=untaken
            )
        )
        search.register(finding.OPEN, finding.CLOSED)
        allow("help:board", "help:requests", "help:warnings", "help:count", see=Verb.ANSWER_HELP)
        shared_parts.register()
        steps = ("take", "take-over", "give-back", "arrive", "close", "reopen", "door")
        allow(*(f"help:{step}" for step in steps), see=Verb.ANSWER_HELP)
        allow("help:archive", "help:archive-csv", see=Verb.READ_ARCHIVE)
        secret = kinds.Kind(
            _("Secret of the monitoring partner"),
            partner_secrets.make,
            partner_secrets.describe,
            secrets=(partner_secrets.SECRET,),
        )
        kinds.register(partner_secrets.KIND, secret)
        allow("help:partners", "help:partner", "help:remove-partner", see=Verb.SET_PARTNER)
        events.register(notices.happened, *notices.TYPES)
        setting_kinds.register(
            setting_kinds.SettingKind(
                _("Monitoring partner"),
                Partner,
                ("name", "email", "after_s", "again_min", "only_registered"),
                "help:partner",
                Verb.SET_PARTNER,
            )
        )
        reports.register(report.REPORT)
