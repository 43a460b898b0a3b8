"""Paths and links in the documentation; decision records and the changelog keep those of their time."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = "cloud|device|docs|hal|kiosk_ui|provisioning|systemd|tests"
PATH = re.compile(rf"`((?:{FOLDERS})/[\w./-]*\w/?)(?:::?[\w.]+)?`")
SETTING = re.compile(r"KOTIRUUTU_[A-Z_]+[A-Z]")
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")


def documents() -> list[str]:
    """Every Markdown file of the repository that describes it as it is now."""
    files = [
        *ROOT.glob("*.md"),
        *(file for name in FOLDERS.split("|") for file in (ROOT / name).rglob("*.md")),
    ]
    names = sorted(str(file.relative_to(ROOT)) for file in files)
    return [name for name in names if name != "CHANGELOG.md" and not name.startswith("docs/decisions/")]


@pytest.mark.parametrize("name", documents())
def test_every_path_and_link_exists(name: str) -> None:
    """A path in backticks is one of the repository; a relative link leads to a file or folder of it."""
    text = (ROOT / name).read_text(encoding="utf-8")
    missing = {path for path in PATH.findall(text) if not (ROOT / path).exists()}
    missing |= {link for link in LINK.findall(text) if not (ROOT / name).parent.joinpath(link).exists()}
    assert not missing


def test_every_setting_of_the_desk_is_in_the_engineers_page() -> None:
    """An administrator finds there what the environment may say."""
    read = {name for file in ROOT.glob("cloud/**/*.py") for name in SETTING.findall(file.read_text())}
    written = SETTING.findall((ROOT / "docs/for-engineers.md").read_text())
    assert sorted(read - set(written)) == []
