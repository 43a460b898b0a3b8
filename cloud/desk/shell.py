"""The context of every page."""

from functools import cache, partial

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from cloud.base.navigation import Entry, count_all, entries
from cloud.organisations.models import User
from cloud.organisations.roles import Verb


def shell(request: HttpRequest) -> dict[str, object]:
    """Return the languages, the desk's own time, the user's menu and its numbers."""
    context: dict[str, object] = {"languages": settings.LANGUAGES, "desk_now": timezone.now()}
    user = request.user
    if isinstance(user, User):
        menu = menu_of(user)
        context["menu"] = menu
        # Parts of pages do not show the menu: only a template that does asks for its numbers.
        numbers = cache(partial(_numbers, user, menu))
        for name in (entry.count.name for entry in menu if entry.count):
            context[name] = lambda name=name: numbers()[name]
    return context


def _numbers(user: User, menu: list[Entry]) -> dict[str, int]:
    return count_all(
        {entry.count.name: entry.count.rows(user.acting(Verb(entry.verb))) for entry in menu if entry.count}
    )


def menu_of(user: User) -> list[Entry]:
    """Return the entries of the main menu that this user may see."""
    return [entry for entry in entries() if not entry.verb or user.may(Verb(entry.verb))]
