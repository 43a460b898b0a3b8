"""The desk's part for what each screen is made of."""

from django.apps import AppConfig


class ScreensConfig(AppConfig):
    """Makes the documents view, people and policy."""

    name = "cloud.screens"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connects to what lies below."""
        from cloud.devices import documents
        from cloud.organisations.access import allow
        from cloud.organisations.roles import Verb
        from cloud.people.signals import resident_added
        from cloud.screens import compose, follow

        documents.register("view", compose.view)
        documents.register("people", compose.people)
        documents.register("policy", compose.policy)
        documents.register("policy", compose.add_brokers)
        resident_added.connect(follow.resident_added)
        allow(
            "screens:devices", "screens:device-rows", "screens:device", "screens:state", see=Verb.SEE_SCREENS
        )
        allow("screens:preview", "screens:save-view", see=Verb.EDIT_VIEWS)
        allow("screens:save-device", see=Verb.ASSIGN_DEVICES)
