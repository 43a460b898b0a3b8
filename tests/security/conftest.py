"""A home to attack; see tests.cloud.conftest."""

from tests.cloud.conftest import desk, desk_settings, foreign, home, translations  # noqa: F401
