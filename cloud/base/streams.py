"""Streams and the database: more may be open than there are connections; one that waits holds none."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from asgiref.sync import sync_to_async
from django.db import close_old_connections

P = ParamSpec("P")
T = TypeVar("T")


async def ask_database(query: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run the query in the stream's own thread; give its connection back before returning what it returns."""
    return await sync_to_async(_ask)(query, *args, **kwargs)


def _ask(query: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    try:
        return query(*args, **kwargs)
    finally:
        close_old_connections()
