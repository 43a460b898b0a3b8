"""Events over HTTPS: the fallback for help when MQTT is blocked (K3)."""

from django.http import HttpRequest, HttpResponse
from msgspec import Raw

from cloud.base.sqlite.base import writing
from cloud.devices.bearer import authenticate
from cloud.devices.device_views import as_json, body_of, plainly
from cloud.devices.errors import BadRequest
from cloud.link.ingest import ingest_events
from cloud.notify import live_updates
from device.contract.events import Received
from device.contract.wire import LARGEST_MESSAGE_BYTES, read

MOST_EVENTS = 500


@plainly("POST")
def events(request: HttpRequest) -> HttpResponse:
    """Handle a list of envelopes as on ``up/event``; respond with ``Received``."""
    device = authenticate(request)
    envelopes: list[Raw] = read(body_of(request, LARGEST_MESSAGE_BYTES), list[Raw])
    if len(envelopes) > MOST_EVENTS:
        raise BadRequest(f"{len(envelopes)} events at once, at most {MOST_EVENTS}")
    with writing(first=True), live_updates.together():
        ids = ingest_events(device, (bytes(envelope) for envelope in envelopes))
    return as_json(Received(ids=ids))
