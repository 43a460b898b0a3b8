"""Who a session belongs to."""

from django.contrib.auth.backends import ModelBackend

from cloud.organisations.models import User


class DeskBackend(ModelBackend):
    """Reads the user of a request together with the organisation, which every page names."""

    def get_user(self, user_id: int) -> User | None:
        """Return the user if the account works."""
        user = User.objects.select_related("organisation").filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None
