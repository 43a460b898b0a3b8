"""Photos of residents and contacts, served to those who see the person."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_GET

from cloud.organisations.request import DeskRequest
from cloud.people.models import Contact, Photo, Resident


@require_GET
def photo(request: DeskRequest, pk: int) -> HttpResponse:
    """Serve a person's photo. The browser asks each time: what was erased is not shown from its cache."""
    found = get_object_or_404(Photo.objects.visible_to(request.user), pk=pk)
    etag = f'"{found.sha256}"'
    response = _sent(found, "private, no-cache")
    response.headers["ETag"] = etag
    return get_conditional_response(request, etag=etag, response=response) or response


def photo_of(person: Resident | Contact | None) -> HttpResponse:
    """Serve the photo to a user who sees this person only for now: the browser keeps nothing."""
    found = person.photo if person else None
    if found is None:
        raise Http404
    return _sent(found, "private, no-store")


def _sent(photo: Photo, caching: str) -> HttpResponse:
    headers = {"Cache-Control": caching}
    return HttpResponse(bytes(photo.data), content_type=photo.content_type, headers=headers)
