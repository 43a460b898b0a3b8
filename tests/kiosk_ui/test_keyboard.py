"""Letters to touch: large enough on every panel, and each can be typed."""

import pytest

from device.rules.typing import Typing, typed
from device.window_protocol.intents import TypeKey
from device.window_protocol.model import Keyboard, Style
from kiosk_ui.boxes import Box
from kiosk_ui.canvas import Canvas
from kiosk_ui.panel import Panel
from kiosk_ui.parts.keyboard import draw_keyboard, keyboard_height
from kiosk_ui.scene import Scene, Text
from kiosk_ui.theme import MARGIN_MM, theme_for

PANELS = {
    "ten inches": (Panel(1280, 800, 217), 20.0, 18.0),
    "ten inches upright": (Panel(800, 1280, 136), 28.0, 20.0),
    "seven inches": (Panel(1024, 600, 154), 28.0, 20.0),
    "seven inches upright": (Panel(600, 1024, 90), 26.0, 20.0),
}
ALPHABET = "abcdefghijklmnopqrstuvwxyzåäöæø"


def draw(panel: Panel, typing: Typing) -> Scene:
    theme = theme_for(panel, Style())
    whole = Box(0, 0, panel.width_px, panel.height_px).inset(theme.mm(MARGIN_MM))
    canvas = Canvas(theme)
    keyboard = Keyboard(
        text=typing.text, layout=typing.layout, group=typing.group, space="väli", erase="Pyyhi", done="Valmis"
    )
    assert keyboard_height(theme, whole.width) <= whole.height
    draw_keyboard(canvas, whole, keyboard)
    return canvas.scene(theme.palette.room.ground)


def keys(scene: Scene) -> list[TypeKey]:
    return [target.action for target in scene.targets if isinstance(target.action, TypeKey)]


def test_keys_have_the_size_of_a_fingertip() -> None:
    """Ten columns of 20 by 18 mm with letters of their own for å, ä, ö, æ and ø."""
    panel = PANELS["ten inches"][0]
    scene = draw(panel, Typing())
    assert {"å", "ä", "ö", "æ", "ø"} <= {key.key for key in keys(scene)}
    assert len({target.box.y for target in scene.targets}) == 4


@pytest.mark.parametrize("name", PANELS)
def test_keys_are_large_and_keep_their_words_whole(name: str) -> None:
    """In every layout, with a long text in the field."""
    panel, width_mm, height_mm = PANELS[name]
    for layout in ("letters", "capitals", "figures"):
        scene = draw(panel, Typing(text="Hyvää huomenta, " * 20, layout=layout))
        assert scene.cut == ()
        for target in scene.targets:
            assert target.box.width >= width_mm * panel.px_per_mm - 2, target
            assert target.box.height >= height_mm * panel.px_per_mm - 1, target
        field = scene.pieces["field.words"]
        assert isinstance(field, Text)
        assert field.fitted.lines[-1].endswith("huomenta, |") or "|" in field.fitted.lines[-1]


@pytest.mark.parametrize("name", PANELS)
def test_every_letter_can_be_typed(name: str) -> None:
    """With one tap, or with a second one that picks it from its group."""
    panel, typing = PANELS[name][0], Typing()
    for letter in ALPHABET:
        offered = keys(draw(panel, typing))
        key = next(each for each in offered if letter in each.key and (each.is_group or each.key == letter))
        typing = typed(typing, key)
        if key.is_group:
            assert TypeKey(letter) in keys(draw(panel, typing))
            typing = typed(typing, TypeKey(letter))
    assert typing.text == ALPHABET


def test_a_capital_counts_once_and_erase_takes_back() -> None:
    """Shift, a letter, the next one small again; figures stay until letters are asked for."""
    typing = Typing()
    for key in ("shift", "A", "i", "x", "erase", "figures", "1", "2", "letters", " "):
        typing = typed(typing, TypeKey(key))
    assert typing == Typing(text="Ai12 ")


def test_a_text_has_an_end() -> None:
    """Nothing that lies on a key fills the memory."""
    typing = Typing()
    for _ in range(20):
        typing = typed(typing, TypeKey("a"), most=10)
    assert typing.text == "a" * 10
