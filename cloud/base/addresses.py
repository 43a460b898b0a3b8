"""Addresses of the desk as they stand in letters, on paper, and wherever no page of the desk is open."""

from django.conf import settings


def absolute(path: str) -> str:
    """The whole address, for somebody who is not at the desk."""
    return f"{settings.DESK_ADDRESS}{path}"
