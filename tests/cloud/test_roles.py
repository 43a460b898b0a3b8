"""Roles: what each may do, on every page of the desk (K14)."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import URLResolver, get_resolver, resolve
from django.utils.html import escape

from cloud.organisations.access import RoleRequiredMiddleware, access_to, allow
from cloud.organisations.models import Grant, Organisation, User
from cloud.organisations.roles import MAY, Role, Verb, paths_for
from tests.cloud.homes import Home, make_home, make_user
from tests.cloud.test_scope import address

pytestmark = [pytest.mark.requirement("K14"), pytest.mark.django_db]

# What a page answers to those who may: settings forbid it, a signed pass is missing, nothing is there yet.
BY_STATE = {
    # Everybody may remove their own key; this one is a colleague's.
    "organisations:remove-passkey": 404,
    "cafe:sit": 409,
    "cafe:do": 409,
    "remote-view:start": 403,
    "remote-view:stream": 403,
    "remote-view:tap": 403,
    "help:reopen": 404,
    "partner:apply-contacts": 404,
    # A page that asks for nothing.
    "report-table": 404,
    "queue:call": 400,
    "queue:follow": 400,
    "queue:hang-up": 400,
}
METHODS = ("GET", "POST")


def pages(resolver: URLResolver | None = None, route: str = "", name: str = "") -> Iterator[tuple[str, str]]:
    """The name and the route of every page that needs a user."""
    for entry in (resolver or get_resolver()).url_patterns:
        here = route + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = f"{name}{entry.namespace}:" if entry.namespace else name
            yield from pages(entry, here, inner)
        elif getattr(entry.callback, "login_required", True):
            yield f"{name}{entry.name}", here


def test_every_page_has_an_entry() -> None:
    """A page that nobody thought about is open to nobody, and this says which it is."""
    assert [name for name, _ in pages() if access_to(name) is None] == []


@pytest.mark.parametrize("part", sorted({name.partition(":")[0] for name, _ in pages()}))
def test_every_page_is_open_to_just_those_who_may(part: str) -> None:
    """Each page × role × own, sub- and other organisation × looking and changing is as the table says.

    All are asked of the door; one role that may, and one that may not, go the whole way to the page.
    """
    home = make_home("Lehmus")
    below, other = make_home("Alla", parent=home.organisation), make_home("Muu")
    users = {role: make_user(home.organisation, roles=[role]) for role in Role}
    sessions = {role: _session(user) for role, user in users.items()}
    wrong: list[tuple[object, ...]] = []
    for name, route in (page for page in pages() if page[0].partition(":")[0] == part):
        where = {place.mark: address(route, place) for place in (home, below, other)}
        for method in METHODS:
            allowed = [role for role in Role if _may(role, name, method)]
            let_in = [role for role in Role if _lets_in(users[role], method, where[home.mark])]
            if let_in != allowed:
                wrong.append((name, method, "door", let_in))
            walkers = [allowed[:1], [role for role in Role if role not in allowed][:1]]
            for role in [*walkers[0], *walkers[1]]:
                for mark in where if "<" in route and role in allowed else (home.mark,):
                    status = _status(sessions[role], method, where[mark])
                    if not _fits(status, name, may=role in allowed, exists=mark != other.mark):
                        wrong.append((name, method, mark, role, status))
    assert wrong == []


def test_a_verb_sees_where_it_was_given() -> None:
    """Own organisation and those below, for each verb of each role; no other."""
    home = make_home("Lehmus")
    below, other = make_home("Alla", parent=home.organisation), make_home("Muu")
    for role in Role:
        user = make_user(home.organisation, roles=[role])
        for verb in Verb:
            seen = set(Organisation.objects.visible_to(user.acting(verb)))
            assert seen == ({home.organisation, below.organisation} if verb in MAY[role] else set())
            assert other.organisation not in seen


def test_a_role_withdrawn_ends_at_once(home: Home) -> None:
    """In the middle of a session, with the next click."""
    client = Client()
    user = make_user(home.organisation, roles=[Role.NURSE])
    client.force_login(user)
    assert client.get("/help/").status_code == 200
    user.grants.all().delete()
    assert client.get("/help/").status_code == 403
    assert "no role" in client.get("/").content.decode()


def test_roles_count_where_they_were_given(home: Home) -> None:
    """Somebody who is nurse here and auditor there reads logs there, and sees residents only here."""
    there = make_home("Muu")
    user = make_user(home.organisation, roles=[Role.NURSE])
    user.give([Role.AUDITOR], there.organisation)
    client = Client()
    client.force_login(user)
    assert client.get(f"/residents/{home.resident.pk}/").status_code == 200
    assert client.get(f"/residents/{there.resident.pk}/").status_code == 404
    assert client.get("/calls/").status_code == 200
    assert {grant.organisation for grant in Grant.objects.visible_to(user)} == {
        home.organisation,
        there.organisation,
    }


def test_the_menu_has_what_one_may(home: Home) -> None:
    """Pages without permission are not in the menu; the home page redirects to the first permitted one."""
    client = Client()
    client.force_login(make_user(home.organisation, roles=[Role.INSTALLER]))
    answer = client.get("/", follow=True)
    menu = [entry.section for entry in answer.context["menu"]]
    assert answer.status_code == 200
    assert menu[:2] == ["devices", "health"]
    assert "help" not in menu


def test_the_page_of_roles_says_the_table(home: Home, desk: Client) -> None:
    """Each verb in words, with a mark for each role that may."""
    page = desk.get("/roles/").content.decode()
    assert page.count("✓") == sum(len(verbs) for verbs in MAY.values())
    assert all(escape(str(verb.label)) in page for verb in Verb)


def test_a_path_below_another_adds_nothing() -> None:
    """Who is nurse above and below sees each row once."""
    grants = [("nurse", "/1/"), ("nurse", "/1/5/"), ("auditor", "/2/")]
    assert paths_for(grants, Verb.ANSWER_HELP) == ("/1/",)
    assert paths_for(grants, None) == ("/1/", "/2/")


def test_a_page_without_entry_is_closed(home: Home, desk: Client) -> None:
    """Not even a user with every role opens a page without an entry."""
    before = access_to("help:board")
    assert before
    assert before.see
    try:
        with _without("help:board"):
            assert desk.get("/help/").status_code == 403
    finally:
        allow("help:board", see=before.see)


@contextmanager
def _without(page: str) -> Iterator[None]:
    from cloud.organisations import access

    del access._pages[page]
    yield


def _may(role: Role, page: str, method: str) -> bool:
    access = access_to(page)
    assert access, page
    verb = access.verb(method)
    return verb is None or verb in MAY[role]


def _lets_in(user: User, method: str, where: str) -> bool:
    request = RequestFactory().generic(method, where)
    request.user = user
    request.resolver_match = match = resolve(where)
    try:
        RoleRequiredMiddleware(lambda _request: HttpResponse()).process_view(
            request, match.func, match.args, match.kwargs
        )
    except PermissionDenied:
        return False
    return True


def _session(user: User) -> str:
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def _status(session: str, method: str, where: str) -> int:
    """What the page answers; what it has done is undone, even the end of the session."""
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = session
    with transaction.atomic():
        sends = client.get if method == "GET" else client.post
        answer = sends(where)
        transaction.set_rollback(True)
    return answer.status_code


def _fits(status: int, page: str, *, may: bool, exists: bool) -> bool:
    if not may:
        return status == 403
    if BY_STATE.get(page) == status:
        return True
    # 405 is said before anything is looked up.
    return status in (200, 204, 302, 405, 429) if exists else status in (404, 405)
