"""Who a session belongs to."""

from collections.abc import Collection, Iterable

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.backends import ModelBackend
from django.contrib.sessions.models import Session
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from cloud.organisations.access import CODE_STATE
from cloud.organisations.models import User


class DeskBackend(ModelBackend):
    """Reads the user of a request with what every page needs: the organisation, and the roles."""

    def get_user(self, user_id: int) -> User | None:
        """Return the user if the account works."""
        return self.get_users([user_id]).get(int(user_id))

    def get_users(self, user_ids: Iterable[int]) -> dict[int, User]:
        """Return by their numbers those of these users whose accounts work, read at once."""
        rows = User.objects.select_related("organisation").filter(pk__in=user_ids)
        found: dict[int, User] = {}
        # One row for each role, and one for a user without any.
        for row in rows.annotate(role=F("grants__role"), role_path=F("grants__organisation__path")):
            if not self.user_can_authenticate(row):
                continue
            user = found.setdefault(row.pk, row)
            user.held = [*user.__dict__.get("held", []), *([(row.role, row.role_path)] if row.role else [])]
        return found


def signed_in(session_keys: Collection[str]) -> dict[str, User]:
    """Return the users of those of these sessions that would be answered a page now, with two queries.

    As for one request: the session has not ended and lacks no second step, the account works, and its
    password is the one with which the session began.
    """
    sessions = Session.objects.filter(session_key__in=session_keys, expire_date__gt=timezone.now())
    kept = {each.session_key: each.get_decoded() for each in sessions}
    kept = {key: data for key, data in kept.items() if SESSION_KEY in data and not data.get(CODE_STATE)}
    users = DeskBackend().get_users({int(data[SESSION_KEY]) for data in kept.values()})
    found = {}
    for key, data in kept.items():
        user = users.get(int(data[SESSION_KEY]))
        if user and constant_time_compare(data.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash()):
            found[key] = user
    return found
