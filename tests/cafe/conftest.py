"""One Janus for all tests of tables that need no new one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from provisioning.janus import program
from tests.cafe.engine import Engine
from tests.media.coturn import relay

__all__ = ["relay"]


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """A running Janus; skipped where Debian has no package of it."""
    if program() is None:
        pytest.skip("this Debian has no Janus")
    engine = Engine(tmp_path)
    engine.start()
    yield engine
    engine.kill()
