"""The Django app of the album."""

from django.apps import AppConfig


class AlbumConfig(AppConfig):
    """Sends relatives' pictures and texts to the screen."""

    name = "cloud.album"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register document, pages and audit with the apps below."""
        from cloud.album.document import album, picture_of
        from cloud.album.urls import urlpatterns
        from cloud.devices import documents, pictures
        from cloud.organisations.access import allow
        from cloud.organisations.roles import Verb

        documents.register("messages", album)
        pictures.register(picture_of)
        names = [f"album:{each.name}" for each in urlpatterns]
        allow(*names, see=Verb.SEND_MESSAGES)
