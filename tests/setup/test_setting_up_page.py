"""The installers' page with pictures says what really stands on the tablet's screen."""

import re
from pathlib import Path
from typing import get_args

import pytest

from device.contract.values import Language
from device.screen.words import words_of
from docs.generate.setup_scenes import setup_scenes
from docs.generate.setup_sheets import STEPS

PAGE = Path(__file__).parents[2] / "docs/setting-up.md"
HEADINGS: dict[Language, str] = {
    "fi": "Suomeksi",
    "sv": "På svenska",
    "da": "På dansk",
    "en": "In English",
}
CODE = Path(__file__).parents[2] / "device/screen"


def section(language: Language) -> str:
    """What is written in one language."""
    return PAGE.read_text().split(f"\n## {HEADINGS[language]}\n")[1].split("\n## ")[0]


@pytest.mark.requirement("K7")
@pytest.mark.parametrize("language", get_args(Language))
def test_what_is_quoted_is_what_the_screen_says(language: Language) -> None:
    """Installers look for these very words: buttons, questions, and what went wrong."""
    sources = "".join(each.read_text() for each in CODE.glob("setup*.py"))
    said = re.findall(r'words\(\s*"([^"]+)"', sources)
    fields = {name: "…" for text in said for name in re.findall(r"\{(\w+)\}", text)}
    shown = {words_of(language)(text, **fields) for text in said}
    quoted = re.findall(r"\*([^*]+)\*", section(language))
    assert len(quoted) > 15
    assert [text for text in quoted if text not in shown] == []


@pytest.mark.parametrize("language", get_args(Language))
def test_every_step_of_the_picture_is_explained(language: Language) -> None:
    """Numbered as the sheet is, which is drawn of pages that exist."""
    numbers = re.findall(r"^(\d+)\. ", section(language), re.MULTILINE)
    assert [int(number) for number in numbers] == [*range(1, len(STEPS) + 1)]
    assert {f"setup-{step}" for step in STEPS} <= dict(setup_scenes(language, "")).keys()
    assert (PAGE.parent / f"pictures/setup-{language}.png").exists()
