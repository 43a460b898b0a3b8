"""What every page needs around it."""

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from cloud.base.navigation import Entry, entries
from cloud.organisations.models import User
from cloud.organisations.roles import Verb


def shell(request: HttpRequest) -> dict[str, object]:
    """The languages, the desk's own time, the reader's menu and the numbers in it."""
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
    """The entries of the main menu that are for this user."""
    return [entry for entry in entries() if not entry.verb or user.may(Verb(entry.verb))]
