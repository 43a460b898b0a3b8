"""The Django app of residents' screens."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ScreensConfig(AppConfig):
    """Composes the documents view, people and policy."""

    name = "cloud.screens"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register composers, pages and permissions with the apps below."""
        from cloud.base import search
        from cloud.base.navigation import Entry, register
        from cloud.devices import documents
        from cloud.devices.installer_pin import add_pin
        from cloud.organisations.access import allow
        from cloud.organisations.roles import Verb
        from cloud.people.signals import resident_added, resident_archived
        from cloud.screens import compose, finding, follow

        documents.load_along("resident__view")
        documents.register("view", compose.view)
        documents.register("people", compose.people)
        documents.register("policy", compose.policy)
        documents.register("policy", compose.add_brokers)
        documents.register("policy", add_pin)
        resident_added.connect(follow.resident_added)
        resident_archived.connect(follow.resident_archived)
        allow(
            "screens:devices",
            "screens:device-rows",
            "screens:device-row",
            "screens:device",
            "screens:state",
            see=Verb.SEE_SCREENS,
        )
        allow("screens:preview", "screens:save-view", see=Verb.EDIT_VIEWS)
        allow("screens:save-device", see=Verb.ASSIGN_DEVICES)
        allow("screens:add", "screens:sheet", see=Verb.ASSIGN_DEVICES)
        allow("screens:bulk-preview", "screens:bulk", see=Verb.ASSIGN_DEVICES)
        allow(
            "screens:change-many", "screens:send-many", "screens:keep-template", "screens:remove-template",
            "screens:groups", "screens:group", "screens:group-members", "screens:remove-group",
            "screens:view-change", "screens:view-change-state", "screens:undo-change",
            see=Verb.EDIT_MANY_VIEWS,
        )  # fmt: skip
        search.register(finding.DEVICES)
        register(Entry("devices", "screens:devices", "tablet", _("Devices"), place=40, verb=Verb.SEE_SCREENS))
