"""What can be proposed: domains register it in ``AppConfig.ready``."""

from collections.abc import Callable
from dataclasses import dataclass

from cloud.proposals.models import Proposal


@dataclass(frozen=True)
class Line:
    """What would become of one thing."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Kind:
    """A change under four eyes. ``make`` raises ``ValidationError`` where it cannot be made any more."""

    label: object
    make: Callable[[Proposal], None]
    describe: Callable[[Proposal], list[Line]]
    # Parts of the payload that nobody needs once it is decided.
    secrets: tuple[str, ...] = ()


_kinds: dict[str, Kind] = {}


def register(name: str, kind: Kind) -> None:
    """Proposals of this name mean this."""
    _kinds[name] = kind


def of(proposal: Proposal) -> Kind:
    """What the proposal means."""
    return _kinds[proposal.kind]
