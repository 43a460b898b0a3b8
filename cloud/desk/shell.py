"""What every page needs around it."""

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from cloud.base.navigation import entries
from cloud.organisations.models import User


def shell(request: HttpRequest) -> dict[str, object]:
    """The languages, the desk's own time, the main menu and the numbers in it."""
    context: dict[str, object] = {"languages": settings.LANGUAGES, "desk_now": timezone.now()}
    if isinstance(request.user, User):
        menu = entries()
        context["menu"] = menu
        context |= {entry.count.name: entry.count.of(request.user) for entry in menu if entry.count}
    return context
