"""HTTPS responses to devices; every refusal is ``{"error": why}`` with its status."""

import functools
from collections.abc import Callable
from typing import Any

import msgspec
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from msgspec import Raw

from cloud.devices import enrolment, pictures, renewal, retirement
from cloud.devices.bearer import authenticate
from cloud.devices.claims import claimed_for
from cloud.devices.commands import envelope, unanswered
from cloud.devices.errors import BadRequest, DeviceRetired, DevicesError, TooMany
from cloud.devices.models import DesiredDocument, Device
from cloud.devices.readiness import gaps_of
from cloud.people.models import Photo
from cloud.pki.authority import desk_authority
from cloud.pki.errors import AuthorityError
from device.contract.claim import AuthorityAnswer, ClaimQuestion
from device.contract.errors import ContractError
from device.contract.readiness import Readiness
from device.contract.renewal import RenewalRequest, Renewed
from device.contract.retirement import Retired, Wiped
from device.contract.wire import read

ENROLMENTS_PER_MINUTE = 20
LARGEST_ENROLMENT_BYTES = 16_000
MOST_COMMANDS = 20

View = Callable[..., HttpResponse]


def plainly(method: str) -> Callable[[View], View]:
    """Decorator of API views: one method, no cookies or forms, refusals as JSON."""

    def decorate(view: View) -> View:
        @login_not_required
        @csrf_exempt
        @functools.wraps(view)
        def answer(request: HttpRequest, **arguments: Any) -> HttpResponse:
            if request.method != method:
                response = JsonResponse({"error": f"use {method}"}, status=405)
                response["Allow"] = method
                return response
            try:
                return view(request, **arguments)
            except ContractError as error:
                return JsonResponse({"error": str(error)}, status=400)
            except DeviceRetired as error:
                return as_json(Retired(error=str(error), receipt=error.receipt), status=error.status)
            except (AuthorityError, DevicesError) as error:
                return JsonResponse({"error": str(error)}, status=error.status)

        return answer

    return decorate


@plainly("POST")
def enrol(request: HttpRequest) -> HttpResponse:
    """Enrol: ``{claim, csr}`` → ``{certificate, ca, broker_host, broker_port, device}``."""
    _count_enrolment(request.META.get("REMOTE_ADDR", ""))
    wanted: enrolment.Request = read(body_of(request, LARGEST_ENROLMENT_BYTES), enrolment.Request)
    return as_json(enrolment.enrol(wanted, desk_authority()))


@plainly("GET")
def authority(_request: HttpRequest) -> HttpResponse:
    """Return the authority's certificate, for a new device that compares its fingerprint."""
    return as_json(AuthorityAnswer(ca=desk_authority().certificate_file.read_text()))


@plainly("POST")
def claim(request: HttpRequest) -> HttpResponse:
    """Return whose device ``{claim}`` would make; rate-limited, because codes can be guessed."""
    _count_enrolment(request.META.get("REMOTE_ADDR", ""))
    asked: ClaimQuestion = read(body_of(request, LARGEST_ENROLMENT_BYTES), ClaimQuestion)
    return as_json(claimed_for(asked.claim))


@plainly("POST")
def renew(request: HttpRequest) -> HttpResponse:
    """Renew: ``{csr}`` → ``{certificate}`` for the device's existing key, also after expiry."""
    device = authenticate(request)
    wanted: RenewalRequest = read(body_of(request, LARGEST_ENROLMENT_BYTES), RenewalRequest)
    return as_json(Renewed(certificate=renewal.renew(device, wanted.csr, desk_authority())))


@plainly("POST")
def wiped(request: HttpRequest) -> HttpResponse:
    """Store the receipt ``{device, receipt}`` of a wiped device; a repeated one is confirmed again."""
    _count_enrolment(request.META.get("REMOTE_ADDR", ""))
    said: Wiped = read(body_of(request, LARGEST_ENROLMENT_BYTES), Wiped)
    retirement.take_receipt(said)
    return as_json({})


@plainly("GET")
def missing(request: HttpRequest) -> HttpResponse:
    """Return what is missing in the desk's setup of this device."""
    return as_json(Readiness(missing=gaps_of(authenticate(request))))


@plainly("GET")
def commands(request: HttpRequest) -> HttpResponse:
    """Return unanswered commands as envelopes, as on ``down/command`` (K3)."""
    device = authenticate(request)
    open_ones = unanswered().filter(device=device)[:MOST_COMMANDS]
    return as_json([Raw(envelope(command)) for command in open_ones])


@plainly("GET")
def photo(request: HttpRequest, sha256: str) -> HttpResponse:
    """Return a picture that this device's documents refer to, else 404."""
    device = authenticate(request)
    found = _photo_of(device, sha256) or pictures.find(device, sha256)
    if found is None:
        return JsonResponse({"error": "no such photo"}, status=404)
    response = HttpResponse(found[0], content_type=found[1])
    # The device keeps it by its digest, as long as a document names it: no other copy is wanted.
    response["Cache-Control"] = "no-store"
    return response


def _photo_of(device: Device, sha256: str) -> tuple[bytes, str] | None:
    people = DesiredDocument.objects.filter(device=device, name="people").first()
    named = {contact.get("photo") for contact in people.body.get("contacts", [])} if people else set()
    if sha256 not in named:
        return None
    # Another organisation may have a picture with the same digest: this resident must not get it.
    photo = Photo.objects.filter(sha256=sha256, contact__relations__resident=device.resident).first()
    return (bytes(photo.data), photo.content_type) if photo else None


def body_of(request: HttpRequest, most_bytes: int) -> bytes:
    """Return the body. Raises ``BadRequest`` with status 413."""
    too_large = BadRequest(f"too large: at most {most_bytes / 1000:.0f} kB")
    too_large.status = 413
    if int(request.headers.get("Content-Length") or 0) > most_bytes:
        raise too_large
    body = request.read(most_bytes + 1)
    if len(body) > most_bytes:
        raise too_large
    return body


def as_json(answer: object, *, status: int = 200) -> HttpResponse:
    """Encode a structure of the contract as JSON."""
    return HttpResponse(msgspec.json.encode(answer), content_type="application/json", status=status)


def _count_enrolment(address: str) -> None:
    key = f"enrolments:{address}"
    cache.add(key, 0, timeout=60)
    try:
        count = cache.incr(key)
    except ValueError:
        count = 1
    if count > ENROLMENTS_PER_MINUTE:
        raise TooMany("too many attempts from this address: wait a minute")
