"""Who a session belongs to."""

from django.contrib.auth.backends import ModelBackend
from django.db.models import F

from cloud.organisations.models import User


class DeskBackend(ModelBackend):
    """Reads the user of a request with what every page needs: the organisation, and the roles."""

    def get_user(self, user_id: int) -> User | None:
        """Return the user if the account works."""
        rows = User.objects.select_related("organisation").filter(pk=user_id)
        # One row for each role, and one for a user without any.
        found = list(rows.annotate(role=F("grants__role"), role_path=F("grants__organisation__path")))
        if not found or not self.user_can_authenticate(found[0]):
            return None
        user = found[0]
        user.held = [(each.role, each.role_path) for each in found if each.role]
        return user
