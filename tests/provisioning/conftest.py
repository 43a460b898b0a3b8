"""A desk with a real broker; see tests.link.fixtures."""

from tests.link.fixtures import *  # noqa: F403
