"""Errors of received messages; each names the place and the reason."""


class ContractError(Exception):
    """A message that cannot be used. ``path`` names the field, ``reason`` explains it in plain words."""

    def __init__(self, reason: str, path: str = "") -> None:
        super().__init__(f"{path}: {reason}" if path else reason)
        self.reason = reason
        self.path = path


class Malformed(ContractError):
    """Not JSON, not an envelope, or a body whose fields have an invalid type or value."""


class TooLarge(ContractError):
    """Larger than the contract allows."""


class UnknownSchema(ContractError):
    """An envelope of a schema version that this program does not support."""


class UnknownKind(ContractError):
    """A well-formed message of a kind that this program does not know."""
