"""The web app of the relative's page: manifest, service worker, subscription (K15)."""

from collections.abc import Callable
from pathlib import Path

from django.contrib.auth.decorators import login_not_required
from django.contrib.staticfiles import finders
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from cloud.calls.caller_requests import read_request
from cloud.calls.caller_views import asked
from cloud.calls.models import PersonalLink
from cloud.push import keys, ringing, subscriptions
from cloud.push.caller_requests import Answered, Subscribe, Unsubscribe
from cloud.push.models import Phone, PushMessage
from cloud.push.sending import message_of
from device.contract.errors import ContractError


@login_not_required
@require_GET
def manifest(_request: HttpRequest) -> HttpResponse:
    """Return the web app manifest."""
    icons = [
        {
            "src": static(f"push/icon-{size}.png"),
            "sizes": f"{size}x{size}",
            "type": "image/png",
            "purpose": use,
        }
        for size in (192, 512)
        for use in ("any", "maskable")
    ]
    page = reverse("caller:page")
    body = {
        "id": page,
        "name": "Kotiruutu",
        "short_name": "Kotiruutu",
        "description": _("Call those who are dear to you, and be called by them."),
        "lang": get_language(),
        "start_url": page,
        "scope": page,
        "display": "standalone",
        "background_color": "#f6f3ec",
        "theme_color": "#1f5c57",
        "icons": icons,
    }
    return JsonResponse(body, content_type="application/manifest+json")


@login_not_required
@require_GET
def worker(_request: HttpRequest) -> HttpResponse:
    """Return the service worker of the whole page."""
    file = finders.find("push/worker.js")
    if not isinstance(file, str):
        raise FileNotFoundError("push/worker.js")
    headers = {"Cache-Control": "no-cache", "Service-Worker-Allowed": reverse("caller:page")}
    script = Path(file).read_bytes()
    return HttpResponse(script, content_type="text/javascript; charset=utf-8", headers=headers)


@login_not_required
@require_GET
def key(_request: HttpRequest) -> HttpResponse:
    """Return the public key for subscriptions."""
    return JsonResponse({"key": keys.public_key()})


@asked(Subscribe)
def subscribe(link: PersonalLink, wanted: Subscribe) -> HttpResponse:
    """Store this browser's push subscription, so that it rings with its page closed."""
    phone = Phone(
        endpoint=wanted.endpoint,
        p256dh=wanted.keys.p256dh,
        auth=wanted.keys.auth,
        language=get_language() or "en",
    )
    try:
        subscriptions.keep(link, phone)
    except subscriptions.Unusable:
        return JsonResponse({"words": _("The browser has sent something unusable.")}, status=400)
    return HttpResponse(status=204)


@asked(Unsubscribe)
def unsubscribe(link: PersonalLink, wanted: Unsubscribe) -> HttpResponse:
    """Delete this browser's push subscription at its person's wish."""
    subscriptions.drop(link, wanted.endpoint)
    return HttpResponse(status=204)


@csrf_exempt
@login_not_required
@require_POST
def heard(request: HttpRequest) -> HttpResponse:
    """Record that the phone has the message; its token is the only authentication."""
    return _answered(request, ringing.heard)


@csrf_exempt
@login_not_required
@require_POST
def refuse(request: HttpRequest) -> HttpResponse:
    """Refuse the call from the notification, without opening a page."""
    return _answered(request, ringing.refuse)


def _answered(request: HttpRequest, act: Callable[[PushMessage], None]) -> HttpResponse:
    try:
        message = message_of(read_request(request, Answered).token)
    except ContractError:
        return HttpResponse(status=400)
    if message is None:
        return HttpResponse(status=403)
    with transaction.atomic():
        act(message)
    return HttpResponse(status=204)
