"""Work that many pages ask for at the same moment is done once for all of them (decision 0153)."""

import threading
import time
from collections.abc import Callable, Hashable
from typing import Any, NamedTuple, TypeVar, cast

from django.http import HttpRequest

T = TypeVar("T")
# In the scope of an ASGI request: when it came, in seconds of the monotonic clock.
ASKED_S = "kotiruutu.asked_s"
_MOST_KEPT = 50


class _Done(NamedTuple):
    begun_s: float
    result: object


_lock = threading.Lock()
_done: dict[Hashable, _Done] = {}


def shared(request: HttpRequest, key: Hashable, work: Callable[[], T]) -> T:
    """Return the result of this work, of another request's if that was begun after this request came.

    Nobody gets anything older than what they would have read themselves. The key says who may share: the
    work, what they may see, and their language.
    """
    begun_s = time.monotonic()
    scope: dict[str, Any] = getattr(request, "scope", {})
    with _lock:
        known = _done.get(key)
    if known and known.begun_s >= scope.get(ASKED_S, begun_s):
        return cast(T, known.result)
    result = work()
    with _lock:
        # Only requests that are waiting now can use what is kept.
        if len(_done) >= _MOST_KEPT:
            _done.clear()
        _done[key] = _Done(begun_s, result)
    return result
