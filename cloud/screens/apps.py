"""The desk's part for what each screen is made of."""

from django.apps import AppConfig


class ScreensConfig(AppConfig):
    """Makes the documents view, people and policy."""

    name = "cloud.screens"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connects to what lies below."""
        from cloud.devices import documents
        from cloud.people.signals import resident_added
        from cloud.screens import compose, follow

        documents.register("view", compose.view)
        documents.register("people", compose.people)
        documents.register("policy", compose.policy)
        documents.register("policy", compose.add_brokers)
        resident_added.connect(follow.resident_added)
