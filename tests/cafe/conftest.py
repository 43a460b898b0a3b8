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
    """A running Janus; skipped where it is neither installed nor unpacked."""
    if program() is None:
        pytest.skip("there is no Janus: run make setup")
    engine = Engine(tmp_path)
    engine.start()
    yield engine
    engine.kill()
