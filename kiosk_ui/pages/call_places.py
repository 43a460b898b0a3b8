"""Layouts of the call page.

No button that ends a call is where the answer button was: a double tap must not hang up. The end button is
apart from help, and the video is as large as possible.

Each function yields several layouts, the largest face or video first: text may be of any length.
"""

from collections.abc import Iterator
from typing import NamedTuple

from kiosk_ui.boxes import Box
from kiosk_ui.pages.frame import APART_MM, LOW_PANEL_MM, Frame, help_width
from kiosk_ui.theme import Theme

ASIDE_MM = 28.0
# For a forced call.
FACE_MM = 45.0
MAIN_MM = 46.0
COLUMN, COLUMN_OF_SMALL, COLUMN_OF_LARGE_TEXT = 0.28, 0.31, 0.4
LOUDNESS_MM, LARGE_LOUDNESS_MM = 21.0, 33.0
BANDS_MM = (16.0, 20.0, 25.0, 30.0, 36.0, 42.0, 50.0, 60.0, 72.0)


class Places(NamedTuple):
    """``main`` is the primary button; ``aside`` another one, ``seconds`` the countdown.

    Without a place of its own a notice is at the foot of the text.
    """

    face: Box
    words: Box
    main: Box
    aside: Box
    seconds: Box
    notice: Box | None = None


def loudness_place(theme: Theme, frame: Frame) -> Box:
    """Below the picture or the face."""
    room = frame.content if theme.panel.is_upright else _columns(theme, frame).left
    return room.foot(theme.mm(LARGE_LOUDNESS_MM if theme.has_large_text else LOUDNESS_MM))[0]


class _Columns(NamedTuple):
    """Columns left of help and above it, with a place for a button."""

    left: Box
    right: Box
    aside: Box
    above: Box


def ringing(theme: Theme, frame: Frame) -> Iterator[Places]:
    """Yield a large face and a large name, with the primary button below."""
    height = _main_height(theme, frame)
    if theme.panel.is_upright:
        main, who = _lifted(theme, frame).foot(height, theme.mm(APART_MM))
        yield from _face_above(theme, who, main, _beside_help(theme, frame))
        return
    columns = _columns(theme, frame)
    main, who = columns.left.foot(height, theme.mm(APART_MM))
    # The refuse button is not next to the answer button.
    main = main.left(main.width - theme.mm(APART_MM) + theme.gap)[0]
    for face, words in _face_beside(theme, who, columns):
        yield Places(face, words, main, columns.aside, main)


def counting(theme: Theme, frame: Frame) -> Iterator[Places]:
    """Yield face, name and reason; the remaining seconds, and the primary button."""
    if theme.panel.is_upright or _is_small(theme):
        yield from _counting_in_rows(theme, frame)
        return
    main, who = _beside_help(theme, frame), _lifted(theme, frame)
    for face_mm in (FACE_MM * 1.2, FACE_MM):
        size = theme.mm(face_mm)
        left, words = who.left(size, theme.mm(6))
        face, rest = left.top(size, theme.mm(4))
        yield Places(face, words, main, main, rest)


def _counting_in_rows(theme: Theme, frame: Frame) -> Iterator[Places]:
    """Yield face and seconds side by side above the text; on a low panel the seconds are above help."""
    columns = None if theme.panel.is_upright else _columns(theme, frame)
    for face_part, main_part in ((42, 80), (32, 70), (24, 60), (12, 50)):
        height = max(theme.action, _main_height(theme, frame) * main_part // 100)
        room = columns.left if columns else _lifted(theme, frame)
        main, who = room.foot(height, theme.gap + _lift(theme))
        if columns:
            size = min(who.height, who.width * (face_part - 12) // 100)
            face, words = who.left(size, theme.mm(6) if size else 0)
            yield Places(face, words, main, columns.aside, columns.right)
        else:
            least = 0 if _is_small(theme) else theme.mm(FACE_MM)
            size = max(least, min(who.height * (face_part + 6) // 100, who.width // 2))
            row, words = who.top(size, theme.mm(4))
            face, seconds = row.grid(2, 1, theme.gap)
            yield Places(face, words, main, _beside_help(theme, frame), seconds)


def around_face(theme: Theme, frame: Frame, loudness_px: int) -> Iterator[Places]:
    """No picture, or none yet. ``loudness_px`` is kept free below."""
    if theme.panel.is_upright:
        who = frame.content.foot(loudness_px)[1]
        yield from _face_above(theme, who, who, _beside_help(theme, frame))
        return
    columns = _columns(theme, frame)
    for face, words in _face_beside(theme, columns.left.foot(loudness_px)[1], columns):
        yield Places(face, words, columns.left, columns.aside, columns.left)


def with_picture(theme: Theme, frame: Frame, notice_px: int, loudness_px: int) -> Iterator[Places]:
    """The picture takes all that buttons and words leave: these are above the button, or a band below it."""
    if theme.panel.is_upright:
        room, aside, notice = frame.content.foot(loudness_px)[1], _beside_help(theme, frame), None
    else:
        columns = _columns(theme, frame)
        room, aside, notice = columns.left.foot(loudness_px)[1], columns.aside, None
        if notice_px:
            notice, room = room.foot(notice_px, theme.mm(3))
        yield Places(room, columns.above, room, aside, room, notice)
    for height_mm in BANDS_MM:
        if theme.mm(height_mm) < room.height * 6 // 10:
            words, picture = room.foot(theme.mm(height_mm), theme.mm(4))
            yield Places(picture, words, picture, aside, picture, notice)


def _columns(theme: Theme, frame: Frame) -> _Columns:
    is_small = _is_small(theme)
    part = COLUMN_OF_SMALL if is_small else COLUMN_OF_LARGE_TEXT if theme.has_large_text else COLUMN
    width = max(help_width(theme), theme.mm(theme.panel.width_mm * part))
    whole = frame.content._replace(height=frame.foot.bottom - frame.content.y)
    # The bottom margin equals the side margin: inside a border that is more than 0.
    whole = whole._replace(height=whole.height - (frame.content.x - frame.foot.x))
    left = whole.left(whole.width - width - theme.gap)[0]
    right = frame.content.end(width)[0]
    lifted = _lifted(theme, frame).end(width)[0]
    height = max(theme.action, min(theme.mm(ASIDE_MM), lifted.height * 34 // 100))
    aside, above = lifted.foot(height, theme.gap)
    aside = aside.end(width if is_small or theme.has_large_text else help_width(theme))[0]
    return _Columns(left, right, aside, above)


def _face_beside(theme: Theme, who: Box, columns: _Columns) -> Iterator[tuple[Box, Box]]:
    """Yield text right of the face: wide above the button, or narrow beside it."""
    for part in (75, 62, 50, 40):
        face = who.left(min(who.height, who.width * part // 100))[0]
        start, bottom = face.right + theme.mm(8), min(columns.above.bottom, who.bottom)
        yield face, Box(start, who.y, columns.above.right - start, bottom - who.y)
    for part in (45, 38, 30):
        face = who.left(min(who.height, who.width * part // 100))[0]
        start = face.right + theme.mm(6)
        yield face, who._replace(x=start, width=who.right - start)


def _face_above(theme: Theme, who: Box, main: Box, aside: Box) -> Iterator[Places]:
    for part in (62, 52, 42, 32):
        face, words = who.top(min(who.height * part // 100, who.width), theme.mm(4))
        yield Places(face, words, main, aside, main)


def _main_height(theme: Theme, frame: Frame) -> int:
    return min(theme.mm(MAIN_MM), (frame.foot.bottom - frame.content.y) * 38 // 100)


def _beside_help(theme: Theme, frame: Frame) -> Box:
    return frame.foot.left(max(theme.action, frame.foot.width - _lift(theme)))[0]


def _lifted(theme: Theme, frame: Frame) -> Box:
    """Return the content, with more distance from help."""
    return frame.content.top(frame.content.height - _lift(theme))[0]


def _lift(theme: Theme) -> int:
    """Return the extra distance of a button from help; none on a small panel."""
    return 0 if _is_small(theme) else theme.mm(APART_MM) - theme.gap


def _is_small(theme: Theme) -> bool:
    return min(theme.panel.width_mm, theme.panel.height_mm) < LOW_PANEL_MM
