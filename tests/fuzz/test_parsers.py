"""Whatever comes from outside is read or refused, in bounded time (K21).

``make fuzz`` runs the same with many more inputs, and other ones each time.
"""

import pytest

from tests.fuzz.parser import Parser
from tests.fuzz.parsers import PARSERS
from tests.fuzz.run import attempt, inputs

pytestmark = pytest.mark.requirement("K21")


@pytest.mark.parametrize("parser", PARSERS, ids=lambda parser: parser.name)
def test_wrong_input_is_read_or_refused(parser: Parser) -> None:
    """No other error, and none takes long. The samples are read and some of the others refused."""
    assert parser.samples
    assert all(attempt(parser, sample) for sample in parser.samples)
    was_read = [attempt(parser, octets) for octets in inputs(parser)]
    assert not parser.refusals or False in was_read
