"""The endpoint for gateways' reports, signed with the shared secret."""

import time
from typing import Literal

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from msgspec import Struct

from cloud.base import signed_post
from cloud.delivery import outbox
from cloud.delivery.channel import Report
from device.contract.errors import Malformed
from device.contract.wire import read

MOST_BYTES = 4096


class Body(Struct):
    """The body ``{"id", "state", "reason"}``, with the desk's id."""

    id: str
    state: Literal["delivered", "read", "failed"]
    reason: str = ""


@csrf_exempt
@login_not_required
@require_POST
def report(request: HttpRequest, channel: str, organisation: int) -> HttpResponse:
    """Return 202, also for unknown messages; 403 for a bad signature, 400 for an invalid body."""
    row = outbox.own_settings(channel, organisation)
    body = request.read(MOST_BYTES + 1)
    signature = request.headers.get(signed_post.SIGNATURE, "")
    secret = str(row.values.get("secret", "")) if row else ""
    if not signed_post.is_signed(signature, secret, body, time.time()):
        return HttpResponse(status=403)
    try:
        said = read(body, Body)
    except Malformed:
        return HttpResponse(status=400)
    if row and outbox.is_sent_by(said.id, row):
        outbox.take_report(channel, Report(said.state, id=said.id, reason=said.reason[:200]))
    return HttpResponse(status=202)
