"""Messages: the one on the screen with its answers, today's, and the album (M1, K6, K19)."""

from device.contract.messages import AlbumPicture, PlannedMessage
from device.rules.message_state import KeptMessage
from device.rules.messages import shown_message
from device.rules.slide_show import slide_number
from device.screen.people import PhotoOf
from device.screen.scene import Scene
from device.window_protocol.intents import AnswerMessage, OpenPage, ReadAloud
from device.window_protocol.model import Button, MessageEntry, MessagePage, SlidePage


def message_page(scene: Scene, photo_of: PhotoOf) -> MessagePage | None:
    """Return the message on the screen, until it is answered."""
    kept = shown_message(scene.state)
    if kept is None:
        return None
    later = Button(
        words=scene.words("In 10 minutes"), icon="clock", intent=AnswerMessage(kept.message.id, "later")
    )
    return _page(scene, [_entry(kept.message, photo_of)], later, _answers(scene, kept.message))


def messages_page(scene: Scene, photo_of: PhotoOf) -> MessagePage:
    """Return today's messages, the newest first."""
    entries = [
        _entry(kept.message, photo_of, scene.when(kept.shown_at)) for kept in _today(scene) if kept.shown_at
    ]
    return _page(scene, entries, _back(scene, "today"), [], scene.words("There are no messages today."))


def messages_button(scene: Scene) -> Button | None:
    """Return the button for today's messages, where there are any."""
    if not _today(scene):
        return None
    return Button(words=scene.words("Messages"), icon="message", intent=OpenPage("messages"))


def album_page(scene: Scene, photo_of: PhotoOf) -> MessagePage:
    """Return relatives' pictures, the newest first."""
    entries = [
        MessageEntry(
            headline=each.sender,
            words=each.words,
            line=scene.when(each.sent_at),
            photo=_photo(each.photo, photo_of),
        )
        for each in _album(scene)
    ]
    return _page(scene, entries, _back(scene, "people"), [], scene.words("Nobody has sent a picture yet."))


def album_button(scene: Scene) -> Button | None:
    """Return the button for the album, where it is not empty."""
    if not _album(scene):
        return None
    return Button(words=scene.words("Pictures"), icon="photo", intent=OpenPage("album"))


def slide_page(scene: Scene, photo_of: PhotoOf) -> SlidePage | None:
    """The picture that is due while nobody touches the screen; None where none is due or downloaded."""
    if (number := slide_number(scene.state, scene.now)) is None:
        return None
    here = [(each, photo) for each in _album(scene) if each.photo and (photo := photo_of(each.photo))]
    if not here:
        return None
    picture, photo = here[number % len(here)]
    back = Button(words=scene.words("Back"), icon="home", intent=OpenPage("home"))
    return SlidePage(photo=photo, words=picture.sender, back=back)


def _page(
    scene: Scene, entries: list[MessageEntry], back: Button, acts: list[Button], words: str = ""
) -> MessagePage:
    return MessagePage(
        entries=entries,
        words=words,
        acts=acts,
        fewer=scene.words("Previous"),
        more=scene.words("More"),
        back=back,
    )


def _back(scene: Scene, page: str) -> Button:
    return Button(
        words=scene.words("Back"), icon="undo", intent=OpenPage("today" if page == "today" else "people")
    )


def _answers(scene: Scene, message: PlannedMessage) -> list[Button]:
    words, id_ = scene.words, message.id
    if message.sender:
        return [
            Button(words=words("A heart"), icon="heart", intent=AnswerMessage(id_, "one-heart")),
            Button(words=words("Two hearts"), icon="heart", intent=AnswerMessage(id_, "two-hearts")),
            Button(words=words("Three hearts"), icon="heart", intent=AnswerMessage(id_, "three-hearts")),
        ]
    answer = Button(words=words("OK"), icon="check", intent=AnswerMessage(id_, "ok"))
    if message.asks_confirmation:
        answer = Button(words=words("I have taken them"), icon="check", intent=AnswerMessage(id_, "taken"))
    read = Button(words=words("Read aloud"), icon="read-aloud", intent=ReadAloud(id_))
    return [answer, read] if scene.view.speak_on_touch else [answer]


def _entry(message: PlannedMessage, photo_of: PhotoOf, when: str = "") -> MessageEntry:
    return MessageEntry(
        headline=message.title,
        words=message.body,
        line=when or message.about,
        photo=_photo(message.photo, photo_of),
    )


def _photo(sha256: str | None, photo_of: PhotoOf) -> str | None:
    return (photo_of(sha256) or "") if sha256 else None


def _today(scene: Scene) -> list[KeptMessage]:
    shown = [kept for kept in scene.state.messages.kept if kept.shown_at]
    today = [
        each for each in shown if each.shown_at and each.shown_at.astimezone(scene.zone).date() == scene.today
    ]
    return sorted(today, key=lambda kept: kept.shown_at or scene.now.wall, reverse=True)


def _album(scene: Scene) -> list[AlbumPicture]:
    plan = scene.state.documents.messages
    return plan.album if plan else []
