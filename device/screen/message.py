"""Messages: the one on the screen with its answers, today's, and the album (M1, K6, K19)."""

from device.contract.messages import AlbumPicture, PlannedMessage
from device.rules.message_state import KeptMessage
from device.rules.messages import shown_message
from device.rules.slide_show import slide_number
from device.screen.page_context import PageContext
from device.screen.people import PhotoOf
from device.window_protocol.intents import AnswerMessage, OpenPage, ReadAloud
from device.window_protocol.model import Button, MessageEntry, MessagePage, SlidePage


def message_page(context: PageContext, photo_of: PhotoOf) -> MessagePage | None:
    """Return the message on the screen, until it is answered."""
    kept = shown_message(context.state)
    if kept is None:
        return None
    later = Button(
        words=context.words("In 10 minutes"), icon="clock", intent=AnswerMessage(kept.message.id, "later")
    )
    return _page(context, [_entry(kept.message, photo_of)], later, _answers(context, kept.message))


def messages_page(context: PageContext, photo_of: PhotoOf) -> MessagePage:
    """Return today's messages, the newest first."""
    entries = [
        _entry(kept.message, photo_of, context.when(kept.shown_at))
        for kept in _today(context)
        if kept.shown_at
    ]
    return _page(context, entries, _back(context, "today"), [], context.words("There are no messages today."))


def messages_button(context: PageContext) -> Button | None:
    """Return the button for today's messages, where there are any."""
    if not _today(context):
        return None
    return Button(words=context.words("Messages"), icon="message", intent=OpenPage("messages"))


def album_page(context: PageContext, photo_of: PhotoOf) -> MessagePage:
    """Return relatives' pictures, the newest first."""
    entries = [
        MessageEntry(
            headline=each.sender,
            words=each.words,
            line=context.when(each.sent_at),
            photo=_photo(each.photo, photo_of),
        )
        for each in _album(context)
    ]
    return _page(
        context, entries, _back(context, "people"), [], context.words("Nobody has sent a picture yet.")
    )


def album_button(context: PageContext) -> Button | None:
    """Return the button for the album, where it is not empty."""
    if not _album(context):
        return None
    return Button(words=context.words("Pictures"), icon="photo", intent=OpenPage("album"))


def slide_page(context: PageContext, photo_of: PhotoOf) -> SlidePage | None:
    """The picture that is due while nobody touches the screen; None where none is due or downloaded."""
    if (number := slide_number(context.state, context.now)) is None:
        return None
    here = [(each, photo) for each in _album(context) if each.photo and (photo := photo_of(each.photo))]
    if not here:
        return None
    picture, photo = here[number % len(here)]
    back = Button(words=context.words("Back"), icon="home", intent=OpenPage("home"))
    return SlidePage(photo=photo, words=picture.sender, back=back)


def _page(
    context: PageContext, entries: list[MessageEntry], back: Button, acts: list[Button], words: str = ""
) -> MessagePage:
    return MessagePage(
        entries=entries,
        words=words,
        acts=acts,
        fewer=context.words("Previous"),
        more=context.words("More"),
        back=back,
    )


def _back(context: PageContext, page: str) -> Button:
    return Button(
        words=context.words("Back"), icon="undo", intent=OpenPage("today" if page == "today" else "people")
    )


def _answers(context: PageContext, message: PlannedMessage) -> list[Button]:
    words, id_ = context.words, message.id
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
    return [answer, read] if context.view.speak_on_touch else [answer]


def _entry(message: PlannedMessage, photo_of: PhotoOf, when: str = "") -> MessageEntry:
    return MessageEntry(
        headline=message.title,
        words=message.body,
        line=when or message.about,
        photo=_photo(message.photo, photo_of),
    )


def _photo(sha256: str | None, photo_of: PhotoOf) -> str | None:
    return (photo_of(sha256) or "") if sha256 else None


def _today(context: PageContext) -> list[KeptMessage]:
    shown = [kept for kept in context.state.messages.kept if kept.shown_at]
    today = [
        each
        for each in shown
        if each.shown_at and each.shown_at.astimezone(context.zone).date() == context.today
    ]
    return sorted(today, key=lambda kept: kept.shown_at or context.now.wall, reverse=True)


def _album(context: PageContext) -> list[AlbumPicture]:
    plan = context.state.documents.messages
    return plan.album if plan else []
