"""A real broker to attack; see tests.link.fixtures."""

from tests.link.fixtures import *  # noqa: F403
