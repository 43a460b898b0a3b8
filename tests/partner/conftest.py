"""The desk's fixtures; see tests.link.fixtures."""

from tests.link.fixtures import *  # noqa: F403
