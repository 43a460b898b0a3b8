"""What every page needs around it."""

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from cloud.devices.health import count_faulty
from cloud.help.board import count_untaken
from cloud.organisations.models import User


def shell(request: HttpRequest) -> dict[str, object]:
    """The languages, the desk's own time, how many residents wait, and how many devices are not well."""
    context: dict[str, object] = {"languages": settings.LANGUAGES, "desk_now": timezone.now()}
    if isinstance(request.user, User):
        context["untaken"] = count_untaken(request.user)
        context["faulty"] = count_faulty(request.user)
    return context
