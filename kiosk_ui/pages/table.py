"""The page of a table: the speaker large, others small, and the leave button at a fixed position."""

from device.window_protocol.model import TablePage
from kiosk_ui.boxes import Box
from kiosk_ui.canvas import Canvas, TextStyle
from kiosk_ui.pages.divided import DividedPage, draw_divided
from kiosk_ui.pages.frame import Frame, draw_page
from kiosk_ui.parts.action import button_spec, draw_buttons
from kiosk_ui.parts.text_block import TextBlock, draw_text_block, fits_whole
from kiosk_ui.text.typefaces import width
from kiosk_ui.theme import Theme

SMALL_FACE_MM = 14.0
OWN_PICTURE_MM = (32.0, 24.0)
MOST_FACES = 12
# Below the question and what is said of it.
_ROOM_FOR_FACES_MM = 48.0


def draw_table(canvas: Canvas, page: TablePage, frame: Frame, turned: int) -> None:
    """Draw the foot with leave and other buttons, and the table above it."""
    palette = canvas.theme.palette
    if page.state != "seated":
        _draw_unseated(canvas, page, frame, turned)
        return
    acts = [(f"table.act.{at}", button_spec(palette, button)) for at, button in enumerate(page.buttons)]
    body = draw_page(canvas, frame, page.title, page.leave, *acts)
    _draw_seated(canvas, page, _with_notice(canvas, page, body))


def _draw_unseated(canvas: Canvas, page: TablePage, frame: Frame, turned: int) -> None:
    """Draw the question, an invitation, or the end; with large letters the text first, then the answers."""
    trial = Canvas(canvas.theme)
    _draw_question(trial, page, draw_page(trial, frame, page.title, page.leave))
    if trial.is_whole or not (frame.more and canvas.theme.has_large_text):
        _draw_question(canvas, page, draw_page(canvas, frame, page.title, page.leave))
        return
    block = TextBlock(page.lines[0], "\n".join(page.lines[1:]), canvas.theme.palette.card, "middle")
    divided = DividedPage([block], page.leave, page.buttons, page.title)
    draw_divided(canvas, "table", divided, frame, turned)


def _draw_question(canvas: Canvas, page: TablePage, content: Box) -> None:
    """Draw text, the faces of those present, and large buttons below."""
    gap = canvas.theme.gap
    if page.buttons:
        height = min(content.height * 38 // 100, canvas.theme.mm(46))
        buttons, content = content.foot(height, gap)
        draw_buttons(canvas, "table.choice", page.buttons, buttons.grid(len(page.buttons), 1, gap))
    if page.faces and content.height > canvas.theme.mm(_ROOM_FOR_FACES_MM):
        faces, content = content.foot(canvas.theme.mm(SMALL_FACE_MM) + _name_height(canvas, content), gap)
        _draw_faces(canvas, page, faces)
    block = TextBlock(page.lines[0], "\n".join(page.lines[1:]), canvas.theme.palette.room, "middle")
    if page.photo:
        content = _draw_photo(canvas, page.photo, block, content)
    draw_text_block(canvas, "table", block, content)


def _draw_photo(canvas: Canvas, photo: str, block: TextBlock, content: Box) -> Box:
    """Draw an event's picture above or beside the text, where both have room. Return what is left."""
    gap = canvas.theme.gap
    if canvas.theme.panel.is_upright:
        picture, rest = content.top(content.height * 45 // 100, gap)
    else:
        picture, rest = content.left(content.width * 28 // 100, gap)
    if not fits_whole(canvas, block, rest):
        return content
    canvas.picture("table.photo", photo, picture)
    return rest


def _with_notice(canvas: Canvas, page: TablePage, content: Box) -> Box:
    if not page.notice:
        return content
    paint = canvas.theme.palette.news
    room = content.inset(canvas.theme.mm(4), canvas.theme.mm(1.5))
    height = canvas.theme.fitted(page.notice, "strong", room, lines=2).height_px + canvas.theme.mm(4)
    strip, rest = content.top(height, canvas.theme.mm(3))
    canvas.rectangle("table.notice", strip, paint, radius_px=canvas.theme.mm(3))
    inside = strip.inset(canvas.theme.mm(4), canvas.theme.mm(1))
    canvas.words(
        "table.notice.words", page.notice, inside, TextStyle("strong", paint.ink, align="middle", lines=2)
    )
    return rest


def _draw_seated(canvas: Canvas, page: TablePage, content: Box) -> None:
    large = _draw_small(canvas, page, content)
    if page.lines:
        words, large = large.foot(
            _lines_height(canvas.theme, large),
            canvas.theme.mm(3),
        )
        ink = canvas.theme.palette.room.ink
        canvas.words(
            "table.lines", "\n".join(page.lines), words, TextStyle("body", ink, align="middle", lines=4)
        )
    _draw_speaker(canvas, page, large)


def _lines_height(theme: Theme, box: Box) -> int:
    """Return the height of the lines below the speaker."""
    if theme.has_large_text:
        return box.height * 7 // 10
    return min(box.height // 3, theme.mm(40 if theme.panel.is_upright else 22))


def _draw_small(canvas: Canvas, page: TablePage, content: Box) -> Box:
    """Draw the others' faces and the own picture around the place that is left for the speaker."""
    theme, gap = canvas.theme, canvas.theme.gap
    own_px, own_height_px = (theme.mm(side) for side in OWN_PICTURE_MM)
    if not theme.panel.is_upright:
        if page.own_frames:
            own, content = content.left(own_px, gap)
            _draw_own(canvas, page, own)
        if page.faces:
            faces, content = content.end(theme.mm(2 * SMALL_FACE_MM + 24), gap)
            _draw_faces(canvas, page, faces)
        return content
    if not (page.faces or page.own_frames):
        return content
    tallest_px = own_height_px if page.own_frames else theme.mm(SMALL_FACE_MM)
    faces, content = content.foot(tallest_px + _name_height(canvas, content), gap)
    if page.own_frames:
        own, faces = faces.end(own_px, gap)
        _draw_own(canvas, page, own)
    _draw_faces(canvas, page, faces)
    return content


def _draw_own(canvas: Canvas, page: TablePage, place: Box) -> None:
    """Draw the resident's own picture at the foot of its place, where it always is."""
    width, height = (canvas.theme.mm(side) for side in OWN_PICTURE_MM)
    words, picture = place.foot(_name_height(canvas, place))
    picture, _ = picture.foot(height)
    canvas.video("table.own", page.own_frames, picture.middle(width, height))
    ink = canvas.theme.palette.room.ink
    canvas.words("table.own.words", page.own_words, words, TextStyle("caption", ink, align="middle"))


def _draw_speaker(canvas: Canvas, page: TablePage, box: Box) -> None:
    """Draw the speaker's video, else their face; always with the name."""
    ink = canvas.theme.palette.room.ink
    name, picture = box.foot(round(canvas.theme.mm(12) * canvas.theme.text_scale), canvas.theme.mm(2))
    if page.speaker is None:
        return
    size = min(picture.width, picture.height)
    canvas.portrait("table.portrait", page.speaker, picture.middle(size, size))
    if page.frames:
        canvas.video("table.picture", page.frames, picture)
    canvas.words("table.speaker", page.speaker.name, name, TextStyle("strong", ink, align="middle"))


def _draw_faces(canvas: Canvas, page: TablePage, box: Box) -> None:
    """Draw as many faces as fit; the last place counts the omitted ones."""
    faces, gap, ink = page.faces, canvas.theme.mm(2), canvas.theme.palette.room.ink
    name_px = _name_height(canvas, box)
    wide = max(canvas.theme.mm(SMALL_FACE_MM + 8), _widest_word(canvas, page))
    across = max(1, (box.width + gap) // (wide + gap))
    down = max(1, (box.height + gap) // (canvas.theme.mm(SMALL_FACE_MM) + name_px + gap))
    places = min(across * down, MOST_FACES)
    shown = faces if len(faces) <= places else faces[: places - 1]
    cells = box.grid(across, down, gap)
    for index, (cell, face) in enumerate(zip(cells, shown, strict=False)):
        name, portrait = cell.foot(name_px, canvas.theme.mm(1))
        size = min(portrait.width, portrait.height)
        canvas.portrait(f"table.face.{index}", face, portrait.middle(size, size))
        canvas.words(f"table.name.{index}", face.name, name, TextStyle("caption", ink, align="middle"))
    if len(shown) < len(faces):
        more = page.more.replace("{count}", str(len(faces) - len(shown)))
        canvas.words(
            "table.more", more, cells[len(shown)], TextStyle("caption", ink, align="middle", lines=2)
        )


def _widest_word(canvas: Canvas, page: TablePage) -> int:
    """Return the width of the widest word of the names at their least size: no column cuts one."""
    words = [word for face in page.faces for word in face.name.split()] + page.more.split()
    weight, _, least_px = canvas.theme.type_size("caption")
    return max((int(width(word, weight, least_px)) + 1 for word in words), default=0)


def _name_height(canvas: Canvas, box: Box) -> int:
    return canvas.theme.fitted("Åg", "caption", box).height_px
