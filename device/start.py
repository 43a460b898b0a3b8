"""Garbage collection waits while a process starts."""

import ctypes
import gc


def pause_garbage_collection() -> None:
    """Until ``resume_garbage_collection``: a start makes many objects and little garbage."""
    gc.disable()


def resume_garbage_collection() -> None:
    """Once the start is over: collect once, then never look again at what is there and will stay."""
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    gc.freeze()
    gc.enable()
