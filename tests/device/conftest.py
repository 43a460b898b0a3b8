"""What each test opens it closes: Python 3.13 names connections that nobody closed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from device.store.database import Store


@pytest.fixture(autouse=True)
def stores_are_closed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Also those that stand for the next start of a device."""
    opened: list[Store] = []
    open_store = Store.__init__

    def open_and_remember(store: Store, path: Path) -> None:
        open_store(store, path)
        opened.append(store)

    monkeypatch.setattr(Store, "__init__", open_and_remember)
    yield
    for store in opened:
        store.close()
