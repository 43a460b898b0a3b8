"""Dead code by vulture, without data: fields and constants are read by templates, JSON and Django."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from vulture import Vulture

# Called by a framework that knows them by name.
PYTHON = ["__*__"]
DJANGO = [
    "*Config",
    "Command",
    "Meta",
    "add_arguments",
    "handle",
    "get_*",
    "clean*",
    "form_valid",
    "dispatch",
    "ready",
    "send_messages",
    "validate",
]
KIVY = ["on_*", "do_layout"]
PJSUA = ["onInstantMessage*", "onIncomingCall", "onCall*", "onFrame*"]
SERVERS = ["do_GET", "do_POST", "log_message", "capture_signals", "connection_made", "datagram_received"]
AIOSMTPD = ["handle_DATA"]
HTML_PARSER = ["handle_starttag", "handle_endtag", "handle_data"]
HTTPX = ["auth_flow"]
SMPPLIB = ["_create_socket", "_recv_exact"]
PYTEST = ["test_*", "pytest_*"]
IMPORT_LINTER = ["Only", "render_broken_contract"]
CALLED_BY_DECORATOR = ["@pytest.fixture*", "@rule*", "@invariant*", "@receiver*", "@register.*", "@*.setter"]

_DOTTED = re.compile(r"""["'](?:cloud|device|kiosk_ui)\.[\w.]*\.(\w+)["']""")
_AFTER_DOT = re.compile(r"\.(\w+)")


def main(paths: list[str]) -> int:
    """The exit status: 1 where something is never used."""
    names = [
        *PYTHON,
        *DJANGO,
        *KIVY,
        *PJSUA,
        *SERVERS,
        *AIOSMTPD,
        *HTML_PARSER,
        *HTTPX,
        *SMPPLIB,
        *PYTEST,
        *IMPORT_LINTER,
        *_named_in_text(),
    ]
    finder = Vulture(ignore_names=names, ignore_decorators=CALLED_BY_DECORATOR)
    finder.scavenge(paths, exclude=["*/migrations/*"])
    code = [
        item
        for item in finder.get_unused_code(min_confidence=60)
        if item.typ not in ("variable", "attribute")
    ]
    for item in code:
        print(item.get_report())
    return 1 if code else 0


def _named_in_text() -> Iterator[str]:
    """Names in settings (dotted paths), in the desk's templates and in kv."""
    yield from _DOTTED.findall(Path("cloud/desk/settings.py").read_text(encoding="utf-8"))
    for path in (*Path("cloud").rglob("*.html"), *Path("kiosk_ui").rglob("*.kv")):
        yield from _AFTER_DOT.findall(path.read_text(encoding="utf-8"))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
