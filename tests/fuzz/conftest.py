"""A home whose desk is sent nonsense; see tests.cloud.conftest."""

from tests.cloud.conftest import desk_settings, home, translations  # noqa: F401
from tests.link.fixtures import authority  # noqa: F401
