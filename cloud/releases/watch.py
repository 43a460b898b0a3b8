"""Judges releases in the background, so that a bad one is halted before the next night."""

from threading import Event

from cloud.base import due_work
from cloud.releases.rings import judge_all

POLL_S = 60.0


class ReleaseWatch:
    """Judges all releases regularly; several may run."""

    def run(self, stopping: Event) -> None:
        """Run until ``stopping`` is set."""
        due_work.repeat(stopping, POLL_S, judge_all)
