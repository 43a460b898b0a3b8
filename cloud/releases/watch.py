"""Judges releases in the background, so that a bad one stops before the next night."""

from threading import Event

from cloud.base import due_work
from cloud.releases.rings import judge_all

POLL_S = 60.0


class ReleaseWatch:
    """Several may run."""

    def run(self, stopping: Event) -> None:
        """Until ``stopping`` is set."""
        due_work.repeat(stopping, POLL_S, judge_all)
