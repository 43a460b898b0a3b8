"""The parts of the stack live and die by themselves."""

import signal
from pathlib import Path

import pytest

from provisioning.demo.managed_process import ProcessFailed
from provisioning.demo.stack import Stack


def test_broker_comes_back_by_itself_and_stays_away_when_stopped(tmp_path: Path) -> None:
    """What the flow tests build on: a crash heals, a taken-away broker does not."""
    stack = Stack(tmp_path)
    stack.desk.run("make_authority")
    stack.start_broker()
    stack.broker.wait_until(stack.broker_answers)
    stack.broker.kill()
    stack.broker.wait_until(stack.broker_answers)
    stack.broker.stop(signal.SIGKILL)
    assert not stack.broker_answers()
    stack.stop()


def test_data_that_this_version_cannot_read_are_named_with_the_remedy(tmp_path: Path) -> None:
    """After an update of the sources one sentence says what to delete; nothing is deleted by itself."""
    stack = Stack(tmp_path)
    (tmp_path / "prepared.json").write_text('{"tables": "of an earlier version", "seed": {}}')
    stack.place.desk.mkdir(parents=True)
    database = stack.place.desk / "desk.sqlite3"
    database.write_bytes(b"no database at all, " * 400)
    with pytest.raises(ProcessFailed, match=f"in {tmp_path} are of an earlier version.*Delete that folder"):
        stack.desk.prepare()
    assert database.exists()
