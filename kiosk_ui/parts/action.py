"""A button, always with an icon and a label."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Literal, NamedTuple

from device.window_protocol.intents import AnswerCall, ForgetMissed, HangUp, Intent, PlaceCall
from device.window_protocol.model import Button, CafeTile, HelpButton
from kiosk_ui.boxes import Box
from kiosk_ui.canvas import Canvas, Sign, TextStyle
from kiosk_ui.palettes import Paint, Palette
from kiosk_ui.scene import Target, TurnPage
from kiosk_ui.text.fitting import Fitted
from kiosk_ui.text.raster import Align
from kiosk_ui.theme import Role, Theme

LEAST_ICON_MM = 6.5
LEAST_PHOTO_MM = 12.0
SignIs = Literal["above", "beside", ""]


class Label(NamedTuple):
    """A button's text. ``detail`` may be empty."""

    sign: Sign
    words: str
    detail: str = ""
    role: Role = "title"


class ButtonSpec(NamedTuple):
    """A button's text, style, and action; a readable ``photo`` takes the place of its icon.

    ``sign_is`` where those beside it have it; where it is empty, the text decides.
    """

    label: Label
    paint: Paint
    action: Intent | TurnPage
    is_patient: bool = False
    hold_s: float = 0.0
    photo: str | None = None
    sign_is: SignIs = ""


class _Setting(NamedTuple):
    icon: Box
    text: Box
    words: Fitted
    detail: Fitted | None
    align: Align

    @property
    def is_whole(self) -> bool:
        """Return whether no text is cut, no word broken, and all as large as it must be."""
        return all(text.is_whole for text in (self.words, self.detail) if text)

    @property
    def is_readable(self) -> bool:
        """Return whether no text is cut and no word broken."""
        return all(text.is_readable for text in (self.words, self.detail) if text)

    @property
    def sign_px(self) -> int:
        """Return the side of the icon or the photo."""
        return min(self.icon.width, self.icon.height)

    @property
    def merit(self) -> tuple[bool, bool, int, int]:
        """Return the sort key: whole words first, then large ones, then few lines."""
        return self.is_whole, self.is_readable, self.words.size_px, -len(self.words.lines)


def draw_action(canvas: Canvas, key: str, box: Box, spec: ButtonSpec, scale: float | None = None) -> None:
    """Draw icon and text side by side or stacked, whichever allows larger text."""
    label = spec.label
    paint = canvas.touchable(Target(box, key, spec.action, spec.is_patient, spec.hold_s), spec.paint)
    best = (spec.photo and _photo_setting(canvas.theme, box, label)) or _best_setting(
        canvas.theme, box, label, scale, spec.sign_is
    )
    size = best.sign_px
    is_large = size >= canvas.theme.mm(LEAST_PHOTO_MM)
    place = best.icon.middle(size, size)
    if not (spec.photo and is_large and canvas.round_photo(f"{key}.photo", spec.photo, place)):
        canvas.icon(f"{key}.icon", label.sign, best.icon, paint.ink)
    detail_height = best.detail.height_px if best.detail else 0
    block = best.text.middle(best.text.width, best.words.height_px + detail_height)
    upper, lower = block.top(best.words.height_px)
    text_style = TextStyle(label.role, paint.ink, best.align)
    canvas.lettering(f"{key}.words", label.words, best.words, upper, text_style)
    if best.detail:
        quiet = TextStyle("caption", paint.soft, best.align)
        canvas.lettering(f"{key}.detail", label.detail, best.detail, lower, quiet)


def draw_buttons(canvas: Canvas, key: str, buttons: Sequence[Button], cells: Sequence[Box]) -> None:
    """Draw buttons, each in its cell with the largest text that fits, and all icons at the same side."""
    theme = canvas.theme
    pairs = list(zip(buttons, cells, strict=False))
    specs = [said_whole(theme, button_spec(theme.palette, button), cell) for button, cell in pairs]
    sign_is = _common_side(theme, [(spec.label, cell) for spec, (_, cell) in zip(specs, pairs, strict=True)])
    for index, (spec, (_, cell)) in enumerate(zip(specs, pairs, strict=True)):
        draw_action(canvas, f"{key}.{index}", cell, spec._replace(sign_is=sign_is))


def _common_side(theme: Theme, places: Sequence[tuple[Label, Box]]) -> SignIs:
    """Return on which side the icons of all have room, where there is one; the larger text decides."""
    sides: tuple[SignIs, SignIs] = ("above", "beside")
    found: dict[SignIs, int] = {}
    for side in sides:
        settings = [
            _best_setting(theme, Box(0, 0, box.width, box.height), label, None, side) for label, box in places
        ]
        if all(setting.is_whole for setting in settings):
            found[side] = min((setting.words.size_px for setting in settings), default=0)
    return max(found, key=lambda side: found[side], default="")


def button_spec(palette: Palette, button: Button) -> ButtonSpec:
    """Return the style of a button of the Screen; an active one has inverted colours."""
    paint = palette.switched if button.on else _paint_of(palette, button)
    return ButtonSpec(Label(button.icon, button.words, button.detail), paint, button.intent)


def cafe_spec(palette: Palette, tile: CafeTile) -> ButtonSpec:
    """Return the café's button, with its state."""
    paint = palette.open if tile.open else palette.action
    return ButtonSpec(Label("cafe", tile.name, tile.words), paint, tile.intent, photo=tile.photo)


def help_spec(palette: Palette, button: HelpButton) -> ButtonSpec:
    """Return the help button, the only one that counts however long it is held."""
    role: Role = "headline" if button.state == "idle" else "title"
    return ButtonSpec(
        Label("help", button.words, "", role),
        palette.help,
        button.intent,
        is_patient=True,
        hold_s=button.hold_s,
    )


def _paint_of(palette: Palette, button: Button) -> Paint:
    match button.intent:
        case AnswerCall() | PlaceCall():
            return palette.answer
        case HangUp():
            return palette.hang_up
        case ForgetMissed():
            return palette.news
    return palette.urgent if button.icon == "urgent" else palette.action


@lru_cache(maxsize=64)
def least_width(theme: Theme, label: Label, height: int) -> int:
    """Return the minimum width at that height whose text fits."""
    low, high = theme.action, theme.mm(120)
    while high - low > theme.mm(1):
        middle = (low + high) // 2
        has_room = is_whole(theme, label, Box(0, 0, middle, height))
        low, high = (low, middle) if has_room else (middle, high)
    return high


def is_whole(theme: Theme, label: Label, box: Box) -> bool:
    """Return whether all text fits at that size, without broken or too small words."""
    return _best_setting(theme, box, label).is_whole


def said_whole(theme: Theme, spec: ButtonSpec, place: Box) -> ButtonSpec:
    """Return it with lighter text, where it would be cut, or be smaller than the text size asks for."""
    box = Box(0, 0, place.width, place.height)
    if is_whole(theme, spec.label, box):
        return spec
    quiet = spec.label._replace(role="caption")
    settings = {label: _best_setting(theme, box, label) for label in (spec.label, quiet)}
    whole = [label for label, setting in settings.items() if setting.is_whole]
    readable = [label for label, setting in settings.items() if setting.is_readable]
    readable.sort(key=lambda label: -settings[label].words.size_px)
    return spec._replace(label=next(iter(whole + readable), quiet))


def common_scale(canvas: Canvas, places: Sequence[tuple[Label, Box]]) -> float:
    """Return a common scale for buttons side by side."""
    settings = [_best_setting(canvas.theme, box, label) for label, box in places]
    sizes = [setting.words.size_px for setting in settings if setting.is_readable]
    return min(sizes, default=1) / canvas.theme.type_size("title").size_px


@lru_cache(maxsize=256)
def _best_setting(
    theme: Theme, box: Box, label: Label, scale: float | None = None, sign_is: SignIs = ""
) -> _Setting:
    inside = box.inset(theme.mm(1.5), theme.mm(0.8))
    if scale is None:
        scale = min(1.6, max(1.0, box.height / theme.mm(34)))
    sides = {"above": _above, "beside": _beside}
    settings = [sides[side](theme, inside, label, scale) for side in ([sign_is] if sign_is else sides)]
    return max(settings, key=lambda setting: setting.merit)


def _photo_setting(theme: Theme, box: Box, label: Label) -> _Setting | None:
    """Place a photo beside or above the text, where it is larger; None where nobody could see who it is."""
    inside = box.inset(theme.mm(1.5), theme.mm(0.8))
    settings = (_beside(theme, inside, label, 1.0), _above(theme, inside, label, 1.0))
    whole = [
        setting for setting in settings if setting.is_whole and setting.sign_px >= theme.mm(LEAST_PHOTO_MM)
    ]
    return max(whole, key=lambda setting: setting.sign_px, default=None)


def _above(theme: Theme, inside: Box, label: Label, scale: float) -> _Setting:
    """Place the icon above the text, in the remaining space up to a limit."""
    least = theme.mm(LEAST_ICON_MM)
    _, room = inside.top(max(least, inside.height * 32 // 100))
    setting = _setting(theme, inside, room, label, ("middle", scale))
    if not setting.is_whole:
        setting = _setting(theme, inside, inside.top(least)[1], label, ("middle", scale))
    text_height = setting.words.height_px + (setting.detail.height_px if setting.detail else 0)
    size = max(least, min(inside.height - text_height, inside.height * 55 // 100, inside.width))
    block = inside.middle(inside.width, size + text_height)
    icon, text = block.top(size)
    return setting._replace(icon=icon.inset(0, theme.mm(0.5)), text=text)


def _beside(theme: Theme, inside: Box, label: Label, scale: float) -> _Setting:
    """Place the icon beside the text; a small one where text would be cut."""
    least = theme.mm(LEAST_ICON_MM)
    for size in (max(least, min(int(inside.height * 0.62), int(inside.width * 0.26))), least):
        icon, text = inside.left(size, theme.mm(2.5))
        setting = _setting(theme, icon, text, label, ("left", scale))
        if setting.is_whole:
            break
    return setting


def _setting(theme: Theme, icon: Box, text: Box, label: Label, manner: tuple[Align, float]) -> _Setting:
    align, scale = manner
    if not label.detail:
        return _Setting(
            icon, text, theme.fitted(label.words, label.role, text, lines=3, scale=scale), None, align
        )
    words, detail = theme.two_fitted((label.words, label.role), (label.detail, "caption"), text, scale=scale)
    return _Setting(icon, text, words, detail, align)
