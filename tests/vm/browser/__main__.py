"""Writes the benchmark's page with the documents that it has kept: ``python -m tests.vm.browser FOLDER``."""

import json
import shutil
import sys
from pathlib import Path

import msgspec

from tests.bench.screen.documents import Documents, photos
from tests.bench.screen.theirs import FONTS, PAGE

# As in a home whose link is away: the page shows what it has kept, as ours does.
_SETTINGS = """\
const SETTINGS = {"broker": "ws://127.0.0.1:1", "device": "page"};
for (const [name, body] of Object.entries(%s)) localStorage.setItem(name, JSON.stringify(body));
"""


def main() -> None:
    """Everything that the page needs, from one folder."""
    folder = Path(sys.argv[1])
    shutil.copytree(PAGE, folder)
    kept = {name: msgspec.to_builtins(document) for name, document in Documents().everything()}
    (folder / "settings.js").write_text(_SETTINGS % json.dumps(kept), encoding="utf-8")
    for weight in ("Regular", "Bold"):
        shutil.copy(FONTS / f"AtkinsonHyperlegible-{weight}.ttf", folder)
    for digest, picture in photos().items():
        (folder / f"{digest}.jpg").write_bytes(picture)


if __name__ == "__main__":
    main()
