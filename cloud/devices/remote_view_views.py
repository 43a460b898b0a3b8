"""URLs of the remote view: start, stream, touch."""

from datetime import timedelta
from typing import Any

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from cloud.devices.commands import issue
from cloud.devices.models import DesiredDocument, Device, DeviceCommand
from cloud.devices.remote_view import RENEW_S, RemoteView
from cloud.organisations.models import User
from device.contract.commands import StartRemoteView, Tap
from device.contract.errors import ContractError
from device.contract.wire import read

SALT = "kotiruutu.remote-view"
PASS_S = 30
TAP_LIFETIME = timedelta(seconds=2)
LARGEST_TAP_BYTES = 200


@require_POST
def start(request: HttpRequest, device: str) -> HttpResponse:
    """Start a view: ``{stream}``, a URL that is valid for seconds, or ``{words}`` with the reason."""
    found = _visible(request, device)
    if not _policy(found).get("allowed"):
        words = _("Looking at this screen is not allowed. The resident's care settings say so.")
        return JsonResponse({"words": words}, status=403)
    token = signing.dumps([found.pk, _user(request).pk], salt=SALT)
    return JsonResponse({"stream": f"{reverse('remote-view:stream', args=[found.pk])}?pass={token}"})


@require_GET
async def stream(request: HttpRequest, device: str) -> HttpResponseBase:
    """Stream pictures and text until the page closes it; see ``RemoteView.stream``."""
    user = await request.auser()
    if not isinstance(user, User):
        raise Http404
    try:
        said = signing.loads(request.GET.get("pass", ""), salt=SALT, max_age=PASS_S)
    except signing.BadSignature:
        said = None
    found = await Device.objects.filter(pk=device).afirst()
    if found is None or said != [found.pk, user.pk]:
        return JsonResponse({"words": _("Press once more to look.")}, status=403)
    view = RemoteView(found, user, get_language() or "en")
    return StreamingHttpResponse(
        view.stream(),
        content_type="application/octet-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


@require_POST
def tap(request: HttpRequest, device: str) -> HttpResponse:
    """Touch the screen at ``{x, y}``, as fractions of its size; only while this user views it."""
    found, user = _visible(request, device), _user(request)
    if not (_policy(found).get("may_touch") and _is_viewing(user, found)):
        return JsonResponse({"words": _("Touching this screen from afar is not allowed.")}, status=403)
    try:
        point: dict[str, float] = read(request.read(LARGEST_TAP_BYTES), dict[str, float])
        touch = Tap(x=min(1.0, max(0.0, point["x"])), y=min(1.0, max(0.0, point["y"])))
    except (ContractError, KeyError):
        return JsonResponse({"words": "x, y"}, status=400)
    issue(found, touch, by=user, lifetime=TAP_LIFETIME)
    return HttpResponse(status=204)


def _is_viewing(user: User, device: Device) -> bool:
    """Return whether this user's view was renewed recently: a sudden touch would frighten the resident."""
    since = timezone.now() - timedelta(seconds=2 * RENEW_S)
    recent = DeviceCommand.objects.filter(device=device, issued_by=user, issued_at__gte=since)
    return recent.filter(body__kind=StartRemoteView.__struct_config__.tag).exists()


def _policy(device: Device) -> dict[str, Any]:
    """Return the policy document that the device follows."""
    policy = DesiredDocument.objects.filter(device=device, name="policy").first()
    return policy.body.get("remote_view", {}) if policy else {}


def _visible(request: HttpRequest, device: str) -> Device:
    return get_object_or_404(Device.objects.visible_to(_user(request)), pk=device)


def _user(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise Http404
    return request.user
