"""Absolute URLs of the desk, for letters, paper, and other places outside its pages."""

from django.conf import settings


def absolute(path: str) -> str:
    """Return the absolute URL of a path."""
    return f"{settings.DESK_ADDRESS}{path}"
