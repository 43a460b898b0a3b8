"""One queue that is always open."""

import pytest

from cloud.queue.models import Queue, Visit
from cloud.screens.models import ResidentView
from tests.cloud.homes import Home


@pytest.fixture
def queue(home: Home) -> Queue:
    """A queue of our home, always open, whose element our resident's view shows."""
    ResidentView.objects.update(queue=True)
    # The visits that every home has.
    Visit.objects.all().delete()
    made = Queue(organisation=home.organisation, name="Meals", languages=["en"])
    made.save()
    return made
