"""A start that is short, and leaves nothing behind."""

import ctypes
import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType


@contextmanager
def stand_in(name: str, **values: object) -> Iterator[None]:
    """In place of a module, as long as others import it without using it.

    Without values it is as if it were not installed, for those who try; whoever asks later gets it.
    """
    if name in sys.modules:
        yield
        return
    sys.modules[name] = module = ModuleType(name)
    vars(module).update(values)
    try:
        yield
    finally:
        del sys.modules[name]


def hurry() -> None:
    """While a start lasts nothing is looked at as garbage: until ``settle``."""
    gc.disable()
    with stand_in("typing_extensions"):
        # All that it would find there Python has itself.
        import msgspec  # noqa: F401


def settle() -> None:
    """Once a start is over: its garbage goes, and what is there will stay and is not looked at again."""
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    gc.freeze()
    gc.enable()
