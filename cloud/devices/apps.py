"""The Django app of devices: identity, documents, reports."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DevicesConfig(AppConfig):
    """Updates documents when residents change."""

    name = "cloud.devices"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register signal handlers, pages and background work with the apps below."""
        from cloud.base import due_work, reports, setting_kinds
        from cloud.base.navigation import Count, Entry, register
        from cloud.devices import faults, follow, health, incoming, notices, report
        from cloud.devices.models import RetentionPeriods
        from cloud.devices.refresh_watch import RefreshWatch
        from cloud.devices.retirement_watch import RetirementWatch
        from cloud.notices import events
        from cloud.organisations.access import allow
        from cloud.organisations.roles import Verb
        from cloud.organisations.signals import organisation_moved
        from cloud.people import signals
        from device.contract.events import SelfTested

        incoming.on_event(faults.handle, SelfTested)
        signals.resident_moved.connect(follow.resident_moved)
        signals.resident_changed.connect(follow.resident_changed)
        signals.contact_changed.connect(follow.contact_changed)
        signals.closed_days_changed.connect(follow.closed_days_changed)
        organisation_moved.connect(follow.organisation_moved)
        due_work.register("refreshes", lambda: RefreshWatch().run)
        due_work.register("retirements", lambda: RetirementWatch().run)
        faulty = Count("faulty", health.faulty, "devices/health_count.html", "health:count", "device")
        register(
            Entry("health", "health:show", "pulse", _("Health"), place=50, verb=Verb.SEE_HEALTH, count=faulty)
        )
        allow("health:show", "health:rows", "health:row", "health:count", see=Verb.SEE_HEALTH)
        allow("remote-view:start", "remote-view:stream", "remote-view:tap", see=Verb.VIEW_REMOTELY)
        allow("self-test", see=Verb.TEST_DEVICES)
        allow("retire", see=Verb.ASSIGN_DEVICES)
        allow("retention", see=Verb.MANAGE_ORGANISATIONS)
        periods = setting_kinds.SettingKind(
            _("How long records are kept"),
            RetentionPeriods,
            ("help_days", "call_days"),
            "retention",
            Verb.MANAGE_ORGANISATIONS,
            falls_back=frozenset({"help_days", "call_days"}),
        )
        setting_kinds.register(periods)
        events.register(notices.happened, *notices.TYPES)
        reports.register(report.REPORT)
