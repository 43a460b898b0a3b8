"""Previews the Screen of unsaved documents (K9): ``python -m device.screen.preview < in > out``.

Reads ``{"documents": {"view": …, "people": …}, "at": RFC 3339, "photos": {sha256: path}}``; writes a line on
standard error and exits with 1 where a document is invalid.
"""

import sys
from datetime import datetime

import msgspec
from msgspec import Raw, Struct, field
from msgspec.structs import replace

from device.contract.cafe import CafeNow
from device.contract.checks import read_document
from device.contract.documents import Document
from device.contract.errors import ContractError
from device.contract.wire import Instant, read
from device.rules.now import Now
from device.rules.state import Documents, Link, State
from device.rules.tables.seat import Invitations
from device.screen.compose import compose
from device.window_protocol.model import Screen


class Wanted(Struct, frozen=True):
    """The input: documents, and the time of the preview ``at``."""

    at: Instant
    documents: dict[Document, Raw]
    photos: dict[str, str] = field(default_factory=dict)


def preview(wanted: Wanted) -> Screen:
    """Return the Screen. Raises ``ContractError`` with the path of the invalid field."""
    documents = {name: read_document(name, body) for name, body in wanted.documents.items()}
    # A current invitation would cover the view.
    now = documents.get("cafe")
    settled = tuple(meeting.id for meeting in now.meetings) if isinstance(now, CafeNow) else ()
    state = State(
        documents=Documents(**documents),  # type: ignore[arg-type]
        link=Link(connected=True),
        invitations=Invitations(settled=settled),
    )
    return replace(compose(state, _moment(wanted.at), wanted.photos.get).screen, revision=1)


def _moment(at: datetime) -> Now:
    return Now(wall=at, monotonic_s=0.0, trusted=True, id="preview")


def main() -> int:
    """Read a wish from standard input, write the screen; return the exit status."""
    try:
        screen = preview(read(sys.stdin.buffer.read(), Wanted))
    except ContractError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.buffer.write(msgspec.json.encode(screen))
    return 0


if __name__ == "__main__":
    sys.exit(main())
