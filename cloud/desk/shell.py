"""What every page needs around it."""

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from cloud.help.board import count_untaken
from cloud.organisations.models import User


def shell(request: HttpRequest) -> dict[str, object]:
    """The languages, the desk's own time, and how many residents wait for an answer."""
    context: dict[str, object] = {"languages": settings.LANGUAGES, "desk_now": timezone.now()}
    if isinstance(request.user, User):
        context["untaken"] = count_untaken(request.user)
    return context
