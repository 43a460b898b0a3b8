"""``python -m tests.bench.desk.accessibility [--languages fi …] [--widths 390 …]``: axe on every page.

Every page of the desk that shows something, and those of relatives and of the sign-in, in a real browser, in
four languages, on a phone and on a computer. What axe finds is written to ``build/bench/accessibility.json``,
with ``--pictures`` also a picture of each page into ``build/pictures/desk``.
"""

import argparse
import json
import os
import shutil
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

BUILD = Path("build") / "bench"
PICTURES = Path("build") / "pictures" / "desk"
LANGUAGES = ("fi", "sv", "da", "en")
WIDTHS = (390, 1280)
HEIGHT = 844
LONGEST_PICTURE = 2400


def main() -> None:
    """Print what axe found, and write it; a violation is an exit status of 1."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.desk.accessibility", description=__doc__)
    parser.add_argument("--languages", nargs="+", choices=LANGUAGES, default=LANGUAGES)
    parser.add_argument("--widths", nargs="+", type=int, default=WIDTHS)
    parser.add_argument("--pages", help="only pages whose address has this in it", default="")
    parser.add_argument("--pictures", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kotiruutu-axe-") as folder:
        found = _measure(given, Path(folder))
    BUILD.mkdir(parents=True, exist_ok=True)
    (BUILD / "accessibility.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(
        json.dumps({name: found[name] for name in ("scale", "figures", "kinds")}, indent=1) + "\n"
    )
    sys.exit(bool(found["violations"]))


def _measure(given: argparse.Namespace, folder: Path) -> dict[str, Any]:
    os.environ["KOTIRUUTU_DESK_DATA"] = str(folder)
    os.environ.setdefault("KOTIRUUTU_DESK_SECRET", "only-for-figures")
    os.environ["DJANGO_SETTINGS_MODULE"] = "cloud.desk.settings"
    # Playwright's loop runs in this thread, where Django would refuse its database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    import django
    from django.core.management import call_command

    django.setup()
    from django.conf import settings
    from django.test import Client

    from tests.cloud.homes import make_home

    settings.ALLOWED_HOSTS = ["localhost", "testserver"]
    settings.BROKER_DESK_PORT = 0
    call_command("migrate", verbosity=0)
    home = make_home("Lehmus")
    desk = Client()
    desk.force_login(home.user)
    pages = {route: path for route, path in _pages(desk, home).items() if given.pages in path}
    violations: list[dict[str, str]] = []
    with _serving() as address:
        for language in given.languages:
            home.user.language = language
            home.user.save()
            for width in given.widths:
                visit = _Visit(address, desk.cookies["sessionid"].value, language, width)
                violations += visit.all_of(pages, PICTURES if given.pictures else None)
    kinds: dict[str, int] = {}
    for each in violations:
        kinds[each["rule"]] = kinds.get(each["rule"], 0) + 1
    looks = len(pages) * len(given.languages) * len(given.widths)
    return {
        "scale": {"pages": len(pages), "languages": len(given.languages), "widths": list(given.widths)},
        "figures": {
            "axe_violations": {"ours": len(violations), "unit": ""},
            "axe_looks": {"ours": looks, "unit": "pages"},
        },
        "kinds": kinds,
        "violations": violations,
    }


def _pages(desk: Any, home: Any) -> dict[str, str]:
    """Every page that shows something, by its route."""
    from tests.cloud.test_page_queries import NOT_PAGES
    from tests.cloud.test_scope import PRIVATE, address

    found = {}
    for route in PRIVATE:
        if route.startswith(NOT_PAGES):
            continue
        path = address(route, home)
        answer = desk.get(path)
        is_page = answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html")
        # Parts of pages are looked at in their page.
        if is_page and b"<html" in answer.getvalue():
            found[route] = path
    return found | _open_pages(home)


def _open_pages(home: Any) -> dict[str, str]:
    """Those that nobody signs in for: of relatives, and the way in."""
    from datetime import timedelta
    from urllib.parse import urlsplit

    from cloud.calls import links
    from cloud.family import applying
    from cloud.organisations import invitations
    from tests.cloud.homes import make_user

    week = timedelta(days=7)
    _link, secret = links.make(home.contact, by=home.user, lifetime=week)
    registration = applying.make_link(home.organisation, week, home.user)
    welcome = invitations.make_link(make_user(home.organisation, "New"))
    return {
        "sign-in/": "/sign-in/",
        "sign-in/forgotten/": "/sign-in/forgotten/",
        "welcome/": urlsplit(welcome).path,
        "call/": links.address(secret),
        "call/join/apply/": f"/call/join/apply/{registration.token}/",
        "call/join/apply/gone/": "/call/join/apply/over/",
        "call/join/thanks/": "/call/join/thanks/",
        "call/join/lost/": "/call/join/lost/",
    }


@contextmanager
def _serving() -> Iterator[str]:
    import uvicorn

    from cloud.desk.asgi import application
    from cloud.notify import live_updates

    config = uvicorn.Config(
        application, port=0, log_level="error", lifespan="off", timeout_graceful_shutdown=1, ws="none"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.01)
    try:
        yield f"http://localhost:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        live_updates.close()
        server.should_exit = True
        thread.join(10)


class _Visit:
    """One browser of a nurse, in one language and one size."""

    def __init__(self, address: str, session: str, language: str, width: int) -> None:
        self._address, self._session = address, session
        self._language, self._width = language, width

    def all_of(self, pages: dict[str, str], pictures: Path | None) -> list[dict[str, str]]:
        """What axe finds on these pages."""
        from playwright.sync_api import sync_playwright

        from tests.cloud.conftest import CHROMIUM

        folder = pictures / f"{self._language}-{self._width}" if pictures else None
        if folder:
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        found = []
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
            signed_in, stranger = self._context(browser), self._context(browser)
            signed_in.add_cookies([{"name": "sessionid", "value": self._session, "url": self._address}])
            for route, path in pages.items():
                is_open = route.startswith(("sign-in/", "call/", "welcome/"))
                found += self._look(stranger if is_open else signed_in, route, path, folder)
            browser.close()
        return found

    def _context(self, browser: Any) -> Any:
        context = browser.new_context(
            base_url=self._address, locale=self._language, viewport={"width": self._width, "height": HEIGHT}
        )
        context.set_default_timeout(60_000)
        return context

    def _look(self, context: Any, route: str, path: str, folder: Path | None) -> list[dict[str, str]]:
        from axe_playwright_python.sync_playwright import Axe

        page = context.new_page()
        # A live stream keeps the network busy: the page is there when its document is.
        page.goto(path, wait_until="load")
        if route == "call/":
            # A personal link leads on to the page itself.
            page.wait_for_selector("#people li")
        answer = Axe().run(page).response
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if folder:
            name = (route.strip("/") or "home").replace("/", "_").replace("<", "").replace(">", "")
            page.screenshot(
                path=str(folder / f"{name.replace(':', '-')}.jpg"), type="jpeg", quality=60, full_page=True,
            )  # fmt: skip
        page.close()
        where = {"page": route, "language": self._language, "width": str(self._width)}
        found = [
            {
                **where,
                "rule": rule["id"],
                "what": rule["help"],
                "where": node["target"][0],
                "html": node["html"][:200],
            }
            for rule in answer["violations"]
            for node in rule["nodes"]
        ]
        if wide > 0:
            found.append(
                {**where, "rule": "wider-than-the-window", "what": f"by {wide} px", "where": "", "html": ""}
            )
        for each in found:
            # What was found stands there also when somebody ends the walk.
            sys.stdout.write(f"{path} {each['rule']}: {each['where']} {each['html']}\n")
        sys.stdout.flush()
        return found


if __name__ == "__main__":
    main()
