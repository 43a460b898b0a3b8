"""Kinds of settings that organisations have, registered by domains in ``AppConfig.ready``."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class SettingKind:
    """Settings in rows of one table with an ``organisation``; the row of the nearest organisation serves.

    A field in ``falls_back`` that is empty there is taken from further up. ``url`` takes the organisation, or
    nothing where ``is_list``: there every row is shown, its first field as the name.
    """

    title: object
    model: Any
    fields: tuple[str, ...]
    url: str
    verb: str
    falls_back: frozenset[str] = frozenset()
    is_list: bool = False
    takes: str = "organisation"


_kinds: list[SettingKind] = []


def register(kind: SettingKind) -> None:
    """Add a kind, or replace the one of the same table."""
    _kinds[:] = [each for each in _kinds if each.model is not kind.model] + [kind]


def kinds() -> list[SettingKind]:
    """Return all kinds, in the order of their names."""
    return sorted(_kinds, key=lambda kind: str(kind.title).casefold())
