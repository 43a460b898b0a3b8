"""The parts of the stack live and die by themselves."""

import signal
from pathlib import Path

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
