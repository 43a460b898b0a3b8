"""The calls app's interface to the help board; the desk app connects the two."""

from collections.abc import Collection
from typing import Protocol

from cloud.devices.models import Device
from cloud.organisations.models import User
from cloud.people.models import Contact


class HelpBoard(Protocol):
    """The calls app's interface to the help board, which is a separate domain."""

    def is_waiting(self, device: Device, help_id: str, /) -> bool:
        """Return whether nobody has answered the request yet."""

    def take(self, device: Device, help_id: str, officer: Contact, /) -> bool:
        """Assign the request to the officer; return False if it is taken."""

    def close(self, device: Device, help_id: str, officer: Contact, /) -> None:
        """Close the request after the call."""

    def answered_by(self, user: User, /) -> Collection[int]:
        """Return the residents whose open help requests this user has taken."""


_boards: list[HelpBoard] = []


def connect(board: HelpBoard) -> None:
    """Set the help board; done once, by the desk app."""
    _boards[:] = [board]


def board() -> HelpBoard:
    """Return the board that the help domain has registered."""
    return _boards[0]
