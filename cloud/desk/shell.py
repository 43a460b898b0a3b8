"""The context of every page."""

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from cloud.base.navigation import Entry, entries
from cloud.organisations.models import User
from cloud.organisations.roles import Verb


def shell(request: HttpRequest) -> dict[str, object]:
    """Return the languages, the desk's own time, the user's menu and its numbers."""
    context: dict[str, object] = {"languages": settings.LANGUAGES, "desk_now": timezone.now()}
    user = request.user
    if isinstance(user, User):
        menu = menu_of(user)
        context["menu"] = menu
        for entry in menu:
            if entry.count:
                context[entry.count.name] = entry.count.of(user.acting(Verb(entry.verb)))
    return context


def menu_of(user: User) -> list[Entry]:
    """Return the entries of the main menu that this user may see."""
    return [entry for entry in entries() if not entry.verb or user.may(Verb(entry.verb))]
