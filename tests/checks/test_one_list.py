"""What is listed once is complete everywhere: a failure names the place that was forgotten."""

from collections.abc import Collection
from pathlib import Path
from typing import get_args

import pytest

from cloud.base.languages import LANGUAGES
from cloud.devices.parts import TITLES
from cloud.help.words import RAISED
from cloud.screens.forms import ELEMENTS
from cloud.screens.models import ResidentView
from device.contract.documents import Elements
from device.contract.values import HelpSource, Language
from device.rules.answer import CODE_WORDS
from device.rules.state import PageName
from device.screen.words import words_of
from device.window_protocol.intents import OpenPage
from device.window_protocol.model import Icon
from docs.generate import pictures
from hal.espeak_speech import VOICES
from hal.ports import PARTS
from kiosk_ui.canvas import ICON_CODES
from tests.kiosk_ui import samples

LOCALES = Path("device/screen/locale"), Path("cloud/desk/locale")
TRANSLATED = set(get_args(Language)) - {"en"}


@pytest.mark.requirement("K13")
@pytest.mark.parametrize(
    ("place", "found"),
    [
        ("cloud/base/languages.py", [code for code, _ in LANGUAGES]),
        ("device/rules/answer.py", CODE_WORDS),
        ("hal/espeak_speech.py", VOICES),
        ("docs/generate/pictures.py: TITLES", pictures.TITLES),
        ("docs/generate/pictures.py: REASONS", pictures.REASONS),
        ("tests/kiosk_ui/samples.py", samples.W),
    ],
)
def test_a_language_is_known_at_every_place(place: str, found: Collection[str]) -> None:
    """A resident whose language is missing somewhere would get another one there, or nothing."""
    assert set(found) == set(get_args(Language)), f"{place} lacks a language, or has one too many"


@pytest.mark.requirement("K13")
@pytest.mark.parametrize("language", get_args(Language))
def test_a_language_has_words_and_dates(language: Language) -> None:
    """Loads what the screen needs of it; the catalogues exist for all but English."""
    assert words_of(language).language == language
    catalogues = {folder / language for folder in LOCALES} if language in TRANSLATED else set()
    assert [str(each) for each in catalogues if not each.is_dir()] == []


@pytest.mark.requirement("V1")
def test_an_element_has_a_switch_at_the_desk() -> None:
    """Each is a field of the view, has an icon in its form, and can be seen in the pictures."""
    elements = set(Elements.__struct_fields__)
    fields = {field.name for field in ResidentView._meta.get_fields()}
    assert elements - fields == set(), "cloud/screens/models.py: ResidentView lacks an element"
    assert set(ELEMENTS) == elements, "cloud/screens/forms.py: ELEMENTS"
    shown = {name for name in elements if getattr(pictures.ALL, name)}
    assert shown == elements, "docs/generate/pictures.py: ALL"


@pytest.mark.requirement("K3")
def test_what_help_is_pressed_on_has_words_at_the_desk() -> None:
    """A nurse reads where help was pressed; an unknown source has words too."""
    assert set(RAISED) == {*get_args(HelpSource), ""}, "cloud/help/words.py: RAISED"


def test_a_page_that_can_be_opened_is_a_place() -> None:
    """What the resident may ask for is a page where they can be."""
    pages = OpenPage.__annotations__["page"]
    assert set(get_args(pages)) <= set(get_args(PageName)), "device/rules/state.py: PageName"


def test_an_icon_has_a_sign() -> None:
    """An icon of the Screen that the window could not draw would end the frame."""
    assert set(get_args(Icon)) - set(ICON_CODES) == set(), "kiosk_ui/canvas.py: ICON_CODES"


def test_a_part_of_the_hardware_has_a_name_at_the_desk() -> None:
    """A fault is shown to the desk under the part's name."""
    assert set(PARTS) - set(TITLES) == set(), "cloud/devices/parts.py"
