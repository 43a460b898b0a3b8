"""The on-screen keyboard, in millimetres: ten columns, or groups of letters on small panels."""

from collections.abc import Iterator
from itertools import count, groupby
from typing import NamedTuple

from device.window_protocol.intents import TypeKey
from device.window_protocol.model import Keyboard
from kiosk_ui.boxes import Box
from kiosk_ui.canvas import Canvas, Sign, TextStyle
from kiosk_ui.parts.action import ButtonSpec, Label, draw_action
from kiosk_ui.scene import Target
from kiosk_ui.theme import Theme

COLUMNS = 10
KEY_GAP_MM = 1.0
KEY_WIDTH_MM, KEY_HEIGHT_MM = 20.0, 18.0
GROUP_WIDTH_MM, GROUP_HEIGHT_MM = 26.0, 20.0
FIELD_MM = 13.0
# Labels with this many letters are words, in smaller type.
LONG_WORD = 6

_LETTERS = ("qwertyuiop", "asdfghjkl\b", "\tzxcvbnm.-", "åäöæø  \x01\n\n")
_FIGURES = ("1234567890", "@#&%+=()/\b", "\t!?\"':;,.-", "_*$€   \x02\n\n")
_GROUPS = ("abc", "def", "ghi", "jkl", "mno", "pqrs", "tuv", "wxyz", "åäö", "æø")
_FIGURE_GROUPS = ("123", "456", "789", "0+=", "@#&_", "/:;()", ".,-?!")
_COMMANDS = {"\b": "erase", "\t": "shift", "\n": "done", "\x01": "figures", "\x02": "letters"}
_SIGNS: dict[str, Sign] = {"erase": "erase", "shift": "shift", "done": "check", "space": "more"}


class _Key(NamedTuple):
    """A key's label, its input, and its width in columns."""

    words: str
    action: TypeKey
    columns: int = 1


def draw_keyboard(canvas: Canvas, box: Box, keyboard: Keyboard) -> None:
    """Draw the field above and the keys below it, at the bottom of ``box``."""
    theme, gap = canvas.theme, canvas.theme.mm(KEY_GAP_MM)
    if box.width >= theme.mm(COLUMNS * (KEY_WIDTH_MM + KEY_GAP_MM) - KEY_GAP_MM) - COLUMNS:
        rows, height = list(_rows(keyboard)), theme.mm(KEY_HEIGHT_MM)
        columns = COLUMNS
    else:
        columns = max(1, (box.width + gap) // (theme.mm(GROUP_WIDTH_MM) + gap))
        rows, height = list(_group_rows(keyboard, columns)), theme.mm(GROUP_HEIGHT_MM)
    keys, field = box.foot(len(rows) * (height + gap) - gap, theme.mm(3))
    _draw_field(canvas, field, keyboard.text)
    number = count()
    for row, place in zip(rows, keys.rows([height] * len(rows), gap), strict=True):
        for key, cell in zip(row, _cells(place, row, columns, gap), strict=True):
            _draw_key(canvas, f"key.{next(number)}", cell, key)


def keyboard_height(theme: Theme, width: int) -> int:
    """Return the minimum height of field and keys at that width."""
    gap = theme.mm(KEY_GAP_MM)
    field = theme.mm(FIELD_MM) + theme.mm(3)
    if width >= theme.mm(COLUMNS * (KEY_WIDTH_MM + KEY_GAP_MM) - KEY_GAP_MM) - COLUMNS:
        return field + 4 * (theme.mm(KEY_HEIGHT_MM) + gap) - gap
    columns = max(1, (width + gap) // (theme.mm(GROUP_WIDTH_MM) + gap))
    rows = -(-(len(_GROUPS) + len(_COMMANDS)) // columns)
    return field + rows * (theme.mm(GROUP_HEIGHT_MM) + gap) - gap


def _draw_field(canvas: Canvas, box: Box, text: str) -> None:
    """Draw the typed text, its end where it is too long; passwords are readable too."""
    card = canvas.theme.palette.card
    canvas.rectangle("field", box, card._replace(edge=card.ink))
    inside = box.inset(canvas.theme.mm(3), canvas.theme.mm(1))
    lines = max(1, inside.height // canvas.theme.type_size("title").line_px)
    shown = f"{text}|"
    while len(shown) > 1 and not canvas.theme.fitted(shown, "title", inside, lines=lines).is_whole:
        shown = f"…{shown[2:]}"
    canvas.words("field.words", shown, inside, TextStyle("title", card.ink, lines=lines))


def _rows(keyboard: Keyboard) -> Iterator[list[_Key]]:
    for row in _FIGURES if keyboard.layout == "figures" else _LETTERS:
        yield list(_keys(keyboard, row))


def _keys(keyboard: Keyboard, row: str) -> Iterator[_Key]:
    """Yield the keys; repeated signs side by side are one wide key."""
    for sign, same in groupby(row):
        yield _key(keyboard, sign)._replace(columns=len(list(same)))


def _key(keyboard: Keyboard, sign: str) -> _Key:
    """Return the key of a character or command."""
    if sign == " ":
        return _Key(keyboard.space, TypeKey(" "))
    if command := _COMMANDS.get(sign):
        words = {"erase": keyboard.erase, "done": keyboard.done, "figures": "123", "letters": "abc"}
        return _Key(words.get(command, ""), TypeKey(command))
    letter = sign.upper() if keyboard.layout == "capitals" else sign
    return _Key(letter, TypeKey(letter))


def _group_rows(keyboard: Keyboard, columns: int) -> Iterator[list[_Key]]:
    """Yield groups, or the letters of the touched one; then other keys, to the end of the row."""
    if keyboard.group:
        keys = [_key(keyboard, sign) for sign in keyboard.group.lower()]
        commands = "\b"
    else:
        is_figures = keyboard.layout == "figures"
        keys = [_group(keyboard, group) for group in (_FIGURE_GROUPS if is_figures else _GROUPS)]
        commands = f"\t {chr(2) if is_figures else chr(1)}\b\n"
    for sign in commands:
        keys.append(_key(keyboard, sign))
    keys[-1] = keys[-1]._replace(columns=1 + -len(keys) % columns)
    for first in range(0, len(keys), columns):
        yield keys[first : first + columns]


def _group(keyboard: Keyboard, letters: str) -> _Key:
    shown = letters.upper() if keyboard.layout == "capitals" else letters
    return _Key(shown, TypeKey(shown, is_group=True))


def _cells(place: Box, row: list[_Key], columns: int, gap: int) -> Iterator[Box]:
    """Return each key's box by its column."""
    grid, column = place.grid(columns, 1, gap), 0
    for key in row:
        first, last = grid[column], grid[min(len(grid), column + key.columns) - 1]
        yield first.joined(last)
        column += key.columns


def _draw_key(canvas: Canvas, key: str, box: Box, face: _Key) -> None:
    palette, command = canvas.theme.palette, face.action.key
    if command == "done":
        spec = ButtonSpec(Label("check", face.words, "", "caption"), palette.answer, face.action)
        draw_action(canvas, key, box, spec)
        return
    paint = canvas.touchable(
        Target(box, key, face.action), palette.card if len(command) == 1 else palette.action
    )
    inside = box.inset(canvas.theme.mm(1.5), canvas.theme.mm(1))
    if sign := _SIGNS.get(command):
        size = min(inside.width, inside.height, canvas.theme.mm(10))
        canvas.icon(f"{key}.icon", sign, inside.middle(size, size), paint.ink)
        return
    canvas.words(
        f"{key}.words",
        face.words,
        inside,
        TextStyle("title" if len(face.words) < LONG_WORD else "caption", paint.ink, "middle", lines=2),
    )
