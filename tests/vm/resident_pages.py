"""A resident's pages as the core composes them from the desk's documents: where each button is."""

from collections.abc import Mapping
from datetime import UTC, datetime

from PIL import Image

from device.contract.documents import AnyDocument
from device.rules.now import Now
from device.rules.state import Documents, Link, Navigation, Request, Requests, Stage, State
from device.screen.compose import compose as compose_screen
from device.window_protocol.intents import Intent
from device.window_protocol.model import Screen
from kiosk_ui.boxes import Box
from kiosk_ui.pages.compose import compose
from tests.flows.resident_screen import is_drawn
from tests.vm.installer import PANEL

_NOT_YET_TAKEN: tuple[Stage, ...] = ("sending", "received")


def page_of(documents: Mapping[str, AnyDocument], at: Navigation, request: Request | None = None) -> Screen:
    """The Screen of a connected tablet on this page, with this request for help."""
    state = State(
        documents=Documents(**documents),  # type: ignore[arg-type]
        link=Link(connected=True),
        navigation=at,
        requests=Requests(help=request),
    )
    now = Now(wall=datetime.now(UTC), monotonic_s=0.0, trusted=True, id="vm")
    return compose_screen(state, now, lambda _: None).screen


def shows_help(documents: Mapping[str, AnyDocument], picture: Image.Image) -> bool:
    """Whether a call for help is on the display, on its way or received."""
    requests = (Request(id="vm", raised_at=datetime.now(UTC), stage=stage) for stage in _NOT_YET_TAKEN)
    pages = (page_of(documents, Navigation(page="help"), request) for request in requests)
    return any(is_drawn(page, PANEL, picture) for page in pages)


def box_of(screen: Screen, intent: Intent) -> Box:
    """Where the button is that does this."""
    return next(each.box for each in compose(screen, PANEL).targets if each.action == intent)
