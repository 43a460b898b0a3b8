"""Sends the newest Screen to the viewers, and maps painted revisions to documents."""

from collections.abc import Callable

from msgspec.structs import replace

from device.composer import Composer, Composition
from device.contract.documents import Document
from device.rules.now import Now
from device.rules.state import State
from device.screen.compose import Composed
from device.screen.people import PhotoOf
from device.screen.server import ScreenServer
from device.screen.speech import label_words
from device.screen.visible import Visible
from device.window_protocol.intents import Arrow, Intent

_REMEMBERED_REVISIONS = 200

_Sent = tuple[Composed, dict[Document, int]]


class DisplayedScreen:
    """Sends a Screen when it differs from the last, and stores which documents each revision shows.

    ``on_loop`` calls a function on the core's loop; ``failed`` gets the exception of a failed composition.
    """

    def __init__(
        self,
        server: ScreenServer,
        photo_of: PhotoOf,
        *,
        on_loop: Callable[[Callable[[], None]], None],
        failed: Callable[[Exception], None],
    ) -> None:
        self._server = server
        self._failed = failed
        self._composer = Composer(photo_of, lambda found: on_loop(lambda: self._composed(found)))
        self._last: _Sent | None = None
        self._drawn_for: Visible | None = None
        self._revision = 0
        self._versions: dict[int, dict[Document, int]] = {}

    def refresh(self, state: State, now: Now) -> None:
        """Compose again if anything visible may have changed."""
        visible = Visible.of(state, now)
        if self._drawn_for == visible:
            return
        self._drawn_for = visible
        self._composer.compose(state, now)

    def busy_s(self) -> float:
        """Return for how many seconds the current composition has been running; 0 while idle."""
        return self._composer.busy_s()

    def stop(self) -> None:
        """Stop composing; the window keeps what it shows."""
        self._composer.stop()

    def _composed(self, composition: Composition) -> None:
        composed = composition.outcome
        if isinstance(composed, Exception):
            self._failed(composed)
            return
        versions = composition.state.documents.versions(*composed.reflects)
        if self._last == (composed, versions):
            return
        self._last = composed, versions
        self._revision += 1
        self._versions[self._revision] = versions
        self._versions.pop(self._revision - _REMEMBERED_REVISIONS, None)
        self._server.show(replace(composed.screen, revision=self._revision))

    def forget(self) -> None:
        """Force composition at the next refresh: something outside the state has changed."""
        self._drawn_for = None

    def label(self, touched: Intent | Arrow) -> str:
        """Return the label of the touched button, on the Screen as it was before the newest event."""
        return label_words(self._last[0].screen, touched) if self._last else ""

    def versions_of(self, revision: int) -> dict[Document, int]:
        """Return the documents that were visible in that revision."""
        return self._versions.get(revision, {})
