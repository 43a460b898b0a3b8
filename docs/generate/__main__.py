"""Writes the generated pages, or with ``--check`` says which of them are no longer what the code says."""

import sys
from pathlib import Path

from docs.generate import asyncapi, contract, requirements

DOCS = Path(__file__).resolve().parents[1]
PAGES = {
    "contract.md": contract.page,
    "asyncapi.json": asyncapi.page,
    "requirements.md": requirements.page,
}


def main(arguments: list[str]) -> int:
    """The exit status: 1 where ``--check`` found a page out of date."""
    stale = [name for name, page in PAGES.items() if _is_stale(DOCS / name, page())]
    if "--check" not in arguments:
        for name in stale:
            (DOCS / name).write_text(PAGES[name](), encoding="utf-8")
            print(f"wrote docs/{name}")
        return 0
    for name in stale:
        print(f"docs/{name} is out of date: run make docs")
    return 1 if stale else 0


def _is_stale(path: Path, text: str) -> bool:
    return not path.exists() or path.read_text(encoding="utf-8") != text


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
