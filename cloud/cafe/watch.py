"""Scheduled work: meetings that start or end, and a café process that stopped reporting."""

from datetime import UTC, datetime, timedelta
from threading import Event

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from cloud.base import due_work
from cloud.cafe import keeping
from cloud.cafe.models import Engine, Meeting, Post, Seat
from cloud.cafe.rooms import SHOWN_AHEAD

EACH_S = 5.0
SILENT_S = 20.0
SCREENS_EACH = timedelta(minutes=5)
# Posts to a page that is gone are deleted after this time.
POSTS_KEPT = timedelta(minutes=5)


class CafeWatch:
    """Checks every few seconds, in a thread of its own."""

    def __init__(self) -> None:
        self._shown_until = timezone.now()
        self._servers_of = self._shown_until.astimezone(UTC).date()

    def run(self, stopping: Event) -> None:
        """Run until ``stopping`` is set."""
        due_work.repeat(stopping, EACH_S, self.look)

    def look(self) -> None:
        """Do everything that is due now."""
        now = timezone.now()
        with transaction.atomic():
            for engine in Engine.objects.select_for_update().filter(reachable=True):
                if not engine.is_fresh(now, SILENT_S):
                    keeping.say_reachable(engine.number, reachable=False)
        for meeting in Meeting.objects.filter(ended_at=None, ends_at__lte=now):
            keeping.refresh_screens(keeping.end(meeting, "closed"))
        self._show_coming()
        self._renew_servers(now)
        Post.objects.filter(seat__left_at__lt=now - POSTS_KEPT).delete()
        Seat.objects.filter(entered_at=None, left_at__lt=now - POSTS_KEPT).delete()

    def _renew_servers(self, now: datetime) -> None:
        """Those of a day are good for the next one too: by then every screen has new ones."""
        today = now.astimezone(UTC).date()
        if today != self._servers_of:
            self._servers_of = today
            if settings.TURN_URLS:
                keeping.refresh_all()

    def _show_coming(self) -> None:
        """Send meetings to the screens a week before."""
        until = timezone.now() + SHOWN_AHEAD
        near = Meeting.objects.filter(
            ended_at=None, starts_at__gt=self._shown_until + SHOWN_AHEAD, starts_at__lte=until
        )
        for meeting in near:
            keeping.refresh_screens({meeting.room})
        self._shown_until = until - SHOWN_AHEAD
