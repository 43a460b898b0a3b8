"""The Django app of software releases."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReleasesConfig(AppConfig):
    """Tracks devices' update reports, and halts harmful releases."""

    name = "cloud.releases"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register event handlers, pages and background work with the apps below."""
        from cloud.base import due_work
        from cloud.base.navigation import Entry, register
        from cloud.devices import incoming
        from cloud.notices import events
        from cloud.organisations.access import allow
        from cloud.organisations.roles import Verb
        from cloud.releases import device_events, notices
        from cloud.releases.watch import ReleaseWatch
        from device.contract.events import SoftwareUpdated

        incoming.on_event(device_events.handle, SoftwareUpdated)
        events.register(notices.happened, *notices.TYPES)
        due_work.register("releases", lambda: ReleaseWatch().run)
        register(
            Entry("releases", "releases:show", "tablet", _("Software"), place=55, verb=Verb.RELEASE_SOFTWARE)
        )
        allow("releases:show", "releases:change", see=Verb.RELEASE_SOFTWARE)
