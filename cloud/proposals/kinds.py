"""Kinds of proposals, registered by domains in ``AppConfig.ready``."""

from collections.abc import Callable
from dataclasses import dataclass

from cloud.proposals.models import Proposal


@dataclass(frozen=True)
class Line:
    """One item of a proposed change, for display."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Kind:
    """A kind of change. ``make`` raises ``ValidationError`` where it is no longer applicable."""

    label: object
    make: Callable[[Proposal], None]
    describe: Callable[[Proposal], list[Line]]
    # Parts of the payload that are deleted after the decision.
    secrets: tuple[str, ...] = ()


_kinds: dict[str, Kind] = {}


def register(name: str, kind: Kind) -> None:
    """Register a kind by its name."""
    _kinds[name] = kind


def of(proposal: Proposal) -> Kind:
    """Return the kind of the proposal."""
    return _kinds[proposal.kind]
