"""What the search of the whole desk looks through; domains register subjects in ``AppConfig.ready``."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet


@dataclass(frozen=True)
class Hit:
    """One thing that was found: what it is called, what tells it from others, and its page."""

    title: str
    details: list[str]
    url: str


@dataclass(frozen=True)
class Subject:
    """One kind of things; those with the permission find them. ``page`` lists all that match ``q``."""

    key: str
    heading: object
    place: int
    verb: str
    find: Callable[[Any, str], QuerySet[Any]]
    hit: Callable[[Any], Hit]
    page: str


_subjects: dict[str, Subject] = {}


def register(*subjects: Subject) -> None:
    """Add these subjects; one of the same key is replaced."""
    _subjects.update({subject.key: subject for subject in subjects})


def subjects() -> list[Subject]:
    """Return all subjects in order."""
    return sorted(_subjects.values(), key=lambda subject: subject.place)
