"""One reader of outside data: its valid samples, and how it says no."""

from collections.abc import Callable, Sequence

from msgspec import Struct


class Parser(Struct, frozen=True, kw_only=True):
    """``parse`` raises one of ``refusals`` or nothing; the tests try ``in_tests`` inputs each time."""

    name: str
    samples: Sequence[bytes]
    parse: Callable[[bytes], object]
    refusals: tuple[type[Exception], ...] = ()
    in_tests: int = 2000
