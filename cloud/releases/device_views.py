"""Software downloads for devices over HTTPS."""

from django.http import HttpRequest, HttpResponse

from cloud.devices.bearer import authenticate
from cloud.devices.device_views import as_json, body_of, plainly
from cloud.devices.errors import BadRequest
from cloud.releases.models import Release
from cloud.releases.rings import offered
from cloud.releases.store import chunks_of
from device.contract.release import MOST_CHUNKS, ChunkQuestion, ReleaseOffer
from device.contract.wire import read

LARGEST_QUESTION_BYTES = 100 * MOST_CHUNKS


@plainly("GET")
def release(request: HttpRequest) -> HttpResponse:
    """Return the release offered to this device's ring for ``?arch=…&number=…``, or 204."""
    device = authenticate(request)
    number = request.GET.get("number", "")
    if not number.isascii() or not number.isdigit() or len(number) > 18:
        raise BadRequest("number is a number")
    found = offered(device, request.GET.get("arch", ""), int(number))
    if found is None:
        return HttpResponse(status=204)
    return as_json(ReleaseOffer(manifest=found.manifest, signature=found.signature))


@plainly("POST")
def chunks(request: HttpRequest) -> HttpResponse:
    """Return chunks for ``{number, chunks}``, as many as fit, each after its length; offered ones only."""
    device = authenticate(request)
    asked: ChunkQuestion = read(body_of(request, LARGEST_QUESTION_BYTES), ChunkQuestion)
    for found in Release.objects.filter(number=asked.number, halted_at=None):
        if offered(device, found.arch, found.number - 1) == found and (
            answer := chunks_of(found, asked.chunks)
        ):
            return HttpResponse(answer, content_type="application/octet-stream")
    raise BadRequest("there are no such chunks for this device")
