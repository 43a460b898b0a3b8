"""Says which words of the screen and of the desk lack a translation; ``--write`` adds them to the files.

English is the language of the code. The device's sentences are the arguments of ``words("…")``, the desk's
what Django's ``makemessages`` finds. Without ``--write`` it works on a copy and leaves the tree alone.
"""

import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from device.contract.values import Language

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = tuple(language for language in get_args(Language) if language != "en")
SCREEN = Path("device/screen/locale")
DESK = Path("cloud/desk/locale")
COPIED = ("*.py", "*.html", "*.txt", "*.po")

# Dates and placeholders that would make every run a change.
_NOBODYS = re.compile(
    r'^(#( .*)?|"(Report-Msgid|POT-Creation|PO-Revision|Last-Translator|Language-Team|Generated)'
    r".*)\n| (?= Kotiruutu)",
    re.MULTILINE,
)
_FIELD = re.compile(r"\{\w*\}")


def main(arguments: list[str]) -> int:
    """The exit status: 1 where something is missing."""
    if "--write" in arguments:
        _update(ROOT)
        return 0
    with tempfile.TemporaryDirectory(prefix="kotiruutu-") as folder:
        copy = Path(folder)
        for room in ("device", "cloud"):
            shutil.copytree(ROOT / room, copy / room, ignore=_all_but_sources)
        _update(copy)
        findings = [line for locale in (SCREEN, DESK) for line in _missing(copy, locale)]
    print("\n".join(findings), end="\n" if findings else "")
    return 1 if findings else 0


def _all_but_sources(folder: str, names: list[str]) -> set[str]:
    entries = [Path(folder, name) for name in names]
    return {path.name for path in entries if path.is_file() and not any(map(path.match, COPIED))}


def _update(root: Path) -> None:
    """Brings all files under ``root`` up to date with the code under it."""
    for language in LANGUAGES:
        _update_screen(root, _screen_file(root, language), language)
        (root / DESK / language / "LC_MESSAGES").mkdir(parents=True, exist_ok=True)
    languages = [argument for language in LANGUAGES for argument in ("--locale", language)]
    done = subprocess.run(
        [sys.executable, "-P", "-m", "cloud", "makemessages", *languages, "--no-location", "--no-wrap"],
        cwd=root / "cloud",
        # Safe: the package ``calendar`` of this folder must not hide Python's own.
        env=os.environ | {"PYTHONPATH": str(root), "PYTHONSAFEPATH": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"makemessages failed:\n{done.stdout}{done.stderr}")


def _update_screen(root: Path, file: Path, language: str) -> None:
    template = Catalog()
    found = extract_from_dir(root / "device", [("**.py", "python")], keywords={"words": None})
    for _, _, message, _, _ in found:
        template.add(message)
    catalog = _read(file) if file.exists() else Catalog(locale=language, project="Kotiruutu")
    catalog.update(template, no_fuzzy_matching=True)
    file.parent.mkdir(parents=True, exist_ok=True)
    written = io.BytesIO()
    write_po(written, catalog, omit_header=False, width=0, no_location=True)
    file.write_text(_NOBODYS.sub("", written.getvalue().decode()).lstrip("\n"), encoding="utf-8")


def _missing(root: Path, locale: Path) -> Iterator[str]:
    for language in LANGUAGES:
        for file in sorted((root / locale / language).rglob("*.po")):
            for problem in _problems(_read(file)):
                yield f"{file.relative_to(root)}: {problem}"


def _problems(catalog: Catalog) -> Iterator[str]:
    for message in catalog:
        if message.id and (problem := _problem(message)):
            yield f"{problem}: {message.id!r}"
    for message in catalog.obsolete.values():
        yield f"no longer used: {message.id!r}"


def _problem(message: Message) -> str | None:
    strings = message.string if isinstance(message.string, list | tuple) else [message.string]
    if not all(strings):
        return "not translated"
    if message.fuzzy:
        return "uncertain (fuzzy)"
    fields = set(_FIELD.findall(str(message.id)))
    if any(set(_FIELD.findall(str(string))) != fields for string in strings):
        return "other fields than in English"
    return None


def _screen_file(root: Path, language: str) -> Path:
    return root / SCREEN / language / "LC_MESSAGES" / "kotiruutu.po"


def _read(file: Path) -> Catalog:
    with file.open("rb") as stream:
        return read_po(stream)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
