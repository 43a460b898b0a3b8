"""Tries a parser with wrong input; an input that it cannot bear is kept for all runs to come."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from random import Random
from types import FrameType

from tests.examples import SEED, examples
from tests.fuzz.mutation import mutated
from tests.fuzz.parser import Parser

FOUND = Path(__file__).parent / "found"
# Of processor time, which other work on the machine does not make longer.
LONGEST_S = 2.0


class TooSlow(BaseException):
    """The parser took more than ``LONGEST_S`` for one input."""


class Unbearable(AssertionError):
    """The parser neither read an input nor refused it; the input is in ``path``."""

    def __init__(self, parser: Parser, path: Path, error: BaseException) -> None:
        super().__init__(f"{parser.name}: {type(error).__name__}: {error} (input: {path})")


def inputs(parser: Parser) -> Iterator[bytes]:
    """All that was found before, then as many new ones as are asked for."""
    for path in sorted((FOUND / parser.name).glob("*")):
        yield path.read_bytes()
    random = Random(f"{parser.name} {SEED}")
    for _ in range(examples(parser.in_tests)):
        yield mutated(parser.samples, random)


def attempt(parser: Parser, octets: bytes) -> bool:
    """Return whether it was read; a refusal is as good. Raises ``Unbearable``."""
    try:
        with _bounded():
            parser.parse(octets)
    except parser.refusals:
        return False
    except (Exception, TooSlow) as error:
        path = FOUND / parser.name / sha256(octets).hexdigest()[:16]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(octets)
        raise Unbearable(parser, path, error) from error
    return True


@contextmanager
def _bounded() -> Iterator[None]:
    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise TooSlow(f"more than {LONGEST_S} s")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, LONGEST_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
